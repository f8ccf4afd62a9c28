-- Put back: ends deliveries whose job goes on: to be retried after a delay, or given back to its own place in line.
-- Invariant: fenced by the token; asking twice changes nothing; the rank stays but for a new priority.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] retry: ids that wait for a retry
-- KEYS[8] interrupt: ids that were given back
-- KEYS[9] settled: bit n % 65536 for each token number n of this worker that ended a job
-- KEYS[10] idle: there while claimers wait for a wake-up
-- KEYS[11] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[12] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- ARGV: wake-up channel, queue, worker; then for each delivery: id, token number, "retry", "interrupt", "lost" or "limited" (it did not run), "<delay ms>" or "<delay ms> <new priority>", error
-- Returns the positions of those that are lost
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lost, changed = {}, false

-- Whether this token put the job where it is: waiting again, or gone.
local function isSettled(id, token, number)
  local past, kept = call('HGET', KEYS[5], id), call('HGET', KEYS[12], id)
  if past then return match(past, '^%d+ %d+ %d+ (%S+)') == token end
  if call('HEXISTS', KEYS[3], id) == 1 then return false end
  if kept then return match(kept, '^[^\n]*\n%d+ %d+ %d+ (%S+)') == token end
  return call('GETBIT', KEYS[9], number % 65536) == 1
end

local function remember(id, token, started, how, err)
  local past = call('HGET', KEYS[5], id) or ''
  local attempt, deliveries, lostSoFar, runs = match(past, '^(%d+) (%d+) (%d+) [^\n]*(.*)$')
  runs = runs or ''
  local _, count = string.gsub(runs, '\n', '')
  if count >= 20 then runs = string.gsub(runs, '^\n[^\n]*', '') end
  local run = '\n' .. table.concat({(attempt or 0) + 1, how == 'retry' and how or 'interrupt', started, now, token, err}, ' ')
  local sums = {(attempt or 0) + (how == 'retry' and 1 or 0), (deliveries or 0) + 1, (lostSoFar or 0) + (how == 'lost' and 1 or 0), token}
  call('HSET', KEYS[5], id, table.concat(sums, ' ') .. runs .. (how == 'limited' and '' or run))
end

local function reprioritize(id, rank, priority)
  local times, old, rest = match(call('HGET', KEYS[3], id) or '', '^(%d+ %d+) (%-?%d+)(\n.*)$')
  if not times then return rank end
  call('HSET', KEYS[3], id, times .. ' ' .. priority .. rest)
  return string.format('%.0f', rank + (old - priority) * 8e14)
end

local function putBack(i, id, token, held)
  local rank, started = match(held, '^%S+ (%S+) (%d+)')
  local how = ARGV[i + 2]
  local delay, priority = match(ARGV[i + 3], '^(%S+) ?(%S*)$')
  if priority ~= '' then rank = reprioritize(id, rank, priority) end
  call('HDEL', KEYS[4], id)
  call('SREM', KEYS[11], id)
  remember(id, token, started, how, ARGV[i + 4])
  changed = changed or how ~= 'limited' or ARGV[i + 3] == '0'
  call('SADD', how == 'retry' and KEYS[7] or KEYS[8], id)
  if how == 'retry' or tonumber(delay) > 0 then
    call('ZREM', KEYS[1], id)
    call('ZADD', KEYS[2], now + delay, id)
    call('HSET', KEYS[6], id, rank)
  else
    call('ZREM', KEYS[2], id)
    call('ZADD', KEYS[1], rank, id)
  end
end

for i = 4, #ARGV, 5 do
  local id, number = ARGV[i], ARGV[i + 1]
  local token, held = ARGV[3] .. '.' .. number, call('HGET', KEYS[4], id)
  if held and match(held, '^%S+') == token then
    putBack(i, id, token, held)
  elseif held or not isSettled(id, token, number) then
    lost[#lost + 1] = (i + 1) / 5
  end
end
if changed and call('DEL', KEYS[10]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return lost
