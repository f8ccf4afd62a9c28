-- Stay: lets go of waiting jobs that a mover held. Each stands in its own place again.
-- Invariant: fenced by the token; a hold that lapsed, and whose job was claimed, changes nothing.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held; 0 started: a mover holds it
-- KEYS[4] place: id -> rank of those in due that nobody holds
-- KEYS[5] retry: ids that wait for a retry
-- KEYS[6] interrupt: ids that were given back
-- KEYS[7] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[8] idle: there while claimers wait for a wake-up
-- ARGV: wake-up channel, queue; then for each job: id, token, status, the time it is due (ms)
-- Returns nothing
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed = false

-- include stand

for i = 3, #ARGV, 4 do
  local id, status = ARGV[i], ARGV[i + 2]
  local token, rank = string.match(call('HGET', KEYS[3], id) or '', '^(%S+) (%S+) 0$')
  if token == ARGV[i + 1] then
    call('HDEL', KEYS[3], id)
    call('SREM', KEYS[7], id)
    if status == 'retry' then call('SADD', KEYS[5], id) end
    if status == 'interrupt' then call('SADD', KEYS[6], id) end
    stand(id, tonumber(ARGV[i + 3]) or 0, rank)
    changed = true
  end
end
if changed and call('DEL', KEYS[8]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
