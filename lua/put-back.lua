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

-- The past with this delivery, of which `limited` leaves no line behind.
local function remembered(past, token, started, how, err)
  local attempt, deliveries, lostSoFar, runs = match(past or '', '^(%d+) (%d+) (%d+) [^\n]*(.*)$')
  local sums = {(attempt or 0) + (how == 'retry' and 1 or 0), (deliveries or 0) + 1, (lostSoFar or 0) + (how == 'lost' and 1 or 0), token}
  if how == 'limited' then return table.concat(sums, ' ') .. (runs or '') end
  runs = runs or ''
  local _, count = string.gsub(runs, '\n', '')
  if count >= 20 then runs = string.gsub(runs, '^\n[^\n]*', '') end
  local run = '\n' .. table.concat({(attempt or 0) + 1, how == 'retry' and how or 'interrupt', started, now, token, err}, ' ')
  return table.concat(sums, ' ') .. runs .. run
end

local function reprioritize(id, rank, priority)
  local times, old, rest = match(call('HGET', KEYS[3], id) or '', '^(%d+ %d+) (%-?%d+)(\n.*)$')
  if not times then return rank end
  call('HSET', KEYS[3], id, times .. ' ' .. priority .. rest)
  return string.format('%.0f', rank + (old - priority) * 8e14)
end

-- Which of them are held by the token that gives them back.
local ids, mine, held = {}, {}, {}
for i = 4, #ARGV, 5 do ids[#ids + 1] = ARGV[i] end
for n, value in ipairs(call('HMGET', KEYS[4], unpack(ids))) do
  local id, number = ids[n], ARGV[5 * n]
  local token = ARGV[3] .. '.' .. number
  if value and match(value, '^%S+') == token then
    if not held[id] then mine[#mine + 1] = id end
    held[id] = held[id] or {n = n, token = token, value = value}
  elseif value or not isSettled(id, token, number) then
    lost[#lost + 1] = n
  end
end
if #mine == 0 then return lost end

-- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
call('HDEL', KEYS[4], unpack(mine))
call('SREM', KEYS[11], unpack(mine))

-- What is written of all of them, a command for each kind: a limit may send back thousands in a moment.
local pasts, retried, interrupted, later, dues, places, soon, ranks = {}, {}, {}, {}, {}, {}, {}, {}
for k, past in ipairs(call('HMGET', KEYS[5], unpack(mine))) do
  local id, one = mine[k], held[mine[k]]
  local i = 5 * one.n - 1
  local how, rank, started = ARGV[i + 2], match(one.value, '^%S+ (%S+) (%d+)')
  local delay, priority = match(ARGV[i + 3], '^(%S+) ?(%S*)$')
  if priority ~= '' then rank = reprioritize(id, rank, priority) end
  pasts[2 * k - 1], pasts[2 * k] = id, remembered(past, one.token, started, how, ARGV[i + 4])
  changed = changed or how ~= 'limited' or ARGV[i + 3] == '0'
  local status = how == 'retry' and retried or interrupted
  status[#status + 1] = id
  if how == 'retry' or tonumber(delay) > 0 then
    later[#later + 1], dues[#dues + 1], dues[#dues + 2] = id, now + delay, id
    places[#places + 1], places[#places + 2] = id, rank
  else
    soon[#soon + 1], ranks[#ranks + 1], ranks[#ranks + 2] = id, rank, id
  end
end

local function write(command, key, values)
  if #values > 0 then call(command, key, unpack(values)) end
end
write('HSET', KEYS[5], pasts)
write('SADD', KEYS[7], retried)
write('SADD', KEYS[8], interrupted)
write('ZREM', KEYS[1], later)
write('ZADD', KEYS[2], dues)
write('HSET', KEYS[6], places)
write('ZREM', KEYS[2], soon)
write('ZADD', KEYS[1], ranks)
if changed and call('DEL', KEYS[10]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return lost
