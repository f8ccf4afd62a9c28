-- Arrive: jobs that were received and parked stand in line from now on, each in its own place.
-- Invariant: a job that somebody holds is left alone; every id is in ready or in due, never in both.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] place: id -> rank of those in due that nobody holds
-- KEYS[5] idle: there while claimers wait for a wake-up
-- KEYS[6] leaving: id -> "<mover> <generation> <ms until which it has the job>"
-- ARGV: wake-up channel, queue; then for each job: id, the time it is due (ms)
-- Returns nothing
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 3, #ARGV, 2 do
  local id, at = ARGV[i], tonumber(ARGV[i + 1]) or 0
  call('HDEL', KEYS[6], id)
  local rank = call('HGET', KEYS[4], id)
  if rank and call('HEXISTS', KEYS[3], id) == 0 and call('ZSCORE', KEYS[2], id) then
    if at > now then
      call('ZADD', KEYS[2], at, id)
    else
      call('ZREM', KEYS[2], id)
      call('HDEL', KEYS[4], id)
      call('ZADD', KEYS[1], rank, id)
    end
  end
end
if call('DEL', KEYS[5]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
