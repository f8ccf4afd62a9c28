-- Fail: ends held deliveries, or jobs that wait (cancel), without success, and keeps them in a bounded list.
-- Invariant: fenced by the token, or by its absence; asking twice changes nothing.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] retry: ids that wait for a retry
-- KEYS[8] interrupt: ids that were given back
-- KEYS[9] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[10] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[11] settled: bit n % 65536 for each token number n of this worker that ended a job
-- KEYS[12] counts: status -> jobs that ended so
-- KEYS[13] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[14] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[15] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[16] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[17] packed: how many jobs are in packs
-- KEYS[18] leaving: id -> "<mover> <generation> <ms until which it has the job>"
-- ARGV: worker, ms that settled tokens are remembered, whether to count, most jobs to keep (0: none); then for each job: id, token number or "" (it waits), status, ms to keep it, error
-- Returns for each job "settled", "lost", "done", "started", "final" or "missing"
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local limit, answers = tonumber(ARGV[4]), {}

-- include packs
-- include pack_entries
-- include open_pack
-- include moving

local function isSettled(id, token, number)
  local past, kept = call('HGET', KEYS[5], id), call('HGET', KEYS[14], id)
  if past then return match(past, '^%d+ %d+ %d+ (%S+)') == token end
  if call('HEXISTS', KEYS[3], id) == 1 then return false end
  if kept then return match(kept, '^[^\n]*\n%d+ %d+ %d+ (%S+)') == token end
  return call('GETBIT', KEYS[11], number % 65536) == 1
end

-- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
local function keep(id, held, status, ms, err)
  call('ZREM', KEYS[2], id)
  local past = call('HGET', KEYS[5], id) or ''
  local attempt, deliveries, lost, rest = match(past, '^(%d+) (%d+) (%d+)(.*)$')
  local token, started = match(held or '', '^(%S+) %S+ (%d+)')
  if token then rest = ' ' .. token .. (match(rest or '', '\n.*$') or '') end
  local claimed = token and 1 or 0
  local run = claimed
  if status == 'expired' then started, run = 0, 0 end
  local sums = table.concat({(attempt or 0) + run, (deliveries or 0) + claimed, lost or 0}, ' ') .. (rest or ' -')
  local ended = table.concat({status, started or 0, now, now + ms, err}, ' ')
  call('HSET', KEYS[14], id, ended .. '\n' .. sums .. '\n\n' .. (call('HGET', KEYS[3], id) or ''))
  call('ZADD', KEYS[13], now + ms, id)
end

local function forget(id)
  call('ZREM', KEYS[1], id)
  call('ZREM', KEYS[2], id)
  for _, key in ipairs({KEYS[3], KEYS[4], KEYS[5], KEYS[6]}) do call('HDEL', key, id) end
  call('SREM', KEYS[7], id)
  call('SREM', KEYS[8], id)
  call('SREM', KEYS[15], id)
  local key = call('HGET', KEYS[10], id)
  local name = key and string.sub(key, 2)
  if name and call('HGET', KEYS[9], name) == id then call('HDEL', KEYS[9], name) end
  if name then call('HDEL', KEYS[10], id) end
end

local function finish(i, held)
  local id, number, status = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if limit > 0 then keep(id, held, status, ARGV[i + 3], ARGV[i + 4]) end
  forget(id)
  if number ~= '' then
    call('SETBIT', KEYS[11], number % 65536, 1)
    call('PEXPIRE', KEYS[11], ARGV[2])
  end
  if ARGV[3] == '1' or limit > 0 then call('HINCRBY', KEYS[12], status, 1) end
end

local function place(id, held)
  if held then return 'started' end
  if entryOf(id) then return 'done' end
  return call('HEXISTS', KEYS[14], id) == 1 and 'final' or 'missing'
end

for i = 5, #ARGV, 5 do
  local id, number = ARGV[i], ARGV[i + 1]
  local token, held = ARGV[1] .. '.' .. number, call('HGET', KEYS[4], id)
  local answer = place(id, held)
  if number ~= '' then
    local mine = held and match(held, '^%S+') == token
    answer = (mine or not held and isSettled(id, token, number)) and 'settled' or 'lost'
    if mine then finish(i, held) end
  elseif answer == 'done' and isMoving(id) then
    answer = 'started'
  elseif answer == 'done' then
    finish(i, held)
  end
  answers[#answers + 1] = answer
end

local function drop(old)
  if #old == 0 then return end
  call('ZREM', KEYS[13], unpack(old))
  call('HDEL', KEYS[14], unpack(old))
end
if limit > 0 then
  drop(call('ZRANGEBYSCORE', KEYS[13], '-inf', now, 'LIMIT', 0, 1000))
  local over = call('ZCARD', KEYS[13]) - limit
  if over > 0 then drop(call('ZRANGE', KEYS[13], 0, math.min(over, 1000) - 1)) end
end
return answers
