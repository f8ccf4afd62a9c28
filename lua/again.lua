-- Again: ends held deliveries of a timed queue. The entry stays as the next life of its job, due at the time that was set while it ran, or that its outcome names; else it goes.
-- Invariant: fenced by the token; asking twice changes nothing; an entry that stays keeps its id and key.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[8] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[9] settled: bit n % 65536 for each token number n of this worker that ended a job
-- KEYS[10] counts: status -> jobs that ended so
-- KEYS[11] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[12] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[13] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[14] idle: there while claimers wait for a wake-up
-- ARGV: wake-up channel, queue, worker, ms that settled tokens are remembered, whether to count, most failed jobs to keep (0: none);
-- then for each job: id, token number, status, when again ("+ms" after, "@ms" at, "" not), ms to keep it, error
-- Returns the positions of those that are lost
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, lost, stayed = tonumber(ARGV[6]), {}, false

local function isSettled(id, token, number)
  if call('GETBIT', KEYS[9], number % 65536) == 1 then return true end
  local past = call('HGET', KEYS[5], id)
  return past and match(past, '^%d+ %d+ %d+ (%S+)') == token
end

-- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
local function keep(id, body, held, status, ms, err)
  call('ZREM', KEYS[2], id)
  local past = call('HGET', KEYS[5], id) or ''
  local attempt, deliveries, gone, rest = match(past, '^(%d+) (%d+) (%d+)(.*)$')
  local token, started = match(held, '^(%S+) %S+ (%d+)')
  local runs = match(rest or '', '\n.*$') or ''
  local sums = table.concat({(attempt or 0) + 1, (deliveries or 0) + 1, gone or 0, token}, ' ')
  local ended = table.concat({status, started, now, now + ms, err}, ' ')
  call('HSET', KEYS[13], id, ended .. '\n' .. sums .. runs .. '\n\n' .. body)
  call('ZADD', KEYS[12], now + ms, id)
end

local function forgetRun(id)
  call('ZREM', KEYS[1], id)
  call('ZREM', KEYS[2], id)
  call('HDEL', KEYS[4], id)
  call('HDEL', KEYS[5], id)
  call('SREM', KEYS[11], id)
end

local function forget(id)
  local key = call('HGET', KEYS[8], id)
  call('HDEL', KEYS[3], id)
  call('HDEL', KEYS[8], id)
  if key and call('HGET', KEYS[7], string.sub(key, 2)) == id then call('HDEL', KEYS[7], string.sub(key, 2)) end
end

local function timeOf(when)
  local ms = tonumber(string.sub(when, 2))
  return ms and (string.sub(when, 1, 1) == '+' and now + ms or ms)
end

local function stay(id, body, at)
  local generation, priority, text = match(body, '^%d+ (%d+) (%-?%d+)[^\n]*(\n.*)$')
  call('HSET', KEYS[3], id, now .. ' ' .. generation + 1 .. ' ' .. priority .. text)
  local rank = (at - 1735689600000) * 1000
  if at > now then
    call('ZADD', KEYS[2], at, id)
    call('HSET', KEYS[6], id, rank)
  else
    call('ZADD', KEYS[1], rank, id)
  end
  stayed = true
end

local function finish(i, held)
  local id, status = ARGV[i], ARGV[i + 2]
  local body = call('HGET', KEYS[3], id) or ''
  if limit > 0 and status ~= 'success' then keep(id, body, held, status, ARGV[i + 4], ARGV[i + 5]) end
  forgetRun(id)
  local at = tonumber(match(body, '^%d+ %d+ %-?%d+ (%-?%d+)\n')) or timeOf(ARGV[i + 3])
  if at and match(body, '^%d+ %d+ %-?%d+[^\n]*\n') then stay(id, body, at) else forget(id) end
  call('SETBIT', KEYS[9], ARGV[i + 1] % 65536, 1)
  call('PEXPIRE', KEYS[9], ARGV[4])
  if ARGV[5] == '1' then call('HINCRBY', KEYS[10], status, 1) end
end

for i = 7, #ARGV, 6 do
  local id, number = ARGV[i], ARGV[i + 1]
  local token, held = ARGV[3] .. '.' .. number, call('HGET', KEYS[4], id)
  if held and match(held, '^%S+') == token then
    finish(i, held)
  elseif not isSettled(id, token, number) then
    lost[#lost + 1] = (i - 1) / 6
  end
end

local over = limit > 0 and call('ZCARD', KEYS[12]) - limit or 0
if over > 0 then
  local old = call('ZRANGE', KEYS[12], 0, math.min(over, 1000) - 1)
  call('ZREM', KEYS[12], unpack(old))
  call('HDEL', KEYS[13], unpack(old))
end
if stayed and call('DEL', KEYS[14]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return lost
