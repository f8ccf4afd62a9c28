-- Receive: puts a job that was taken out of another queue into this one. An id that is there already is left alone.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[5] place: id -> rank of those in due that nobody holds
-- KEYS[6] retry: ids that wait for a retry
-- KEYS[7] interrupt: ids that were given back
-- KEYS[8] order: the last order that was given
-- KEYS[9] idle: there while claimers wait for a wake-up
-- KEYS[10] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- ARGV: wake-up channel, queue, id, entry, past or "", status, due ("+ms" after, "@ms" at), rank or "" for a new place, priority
-- Returns 1, or 0 when the id was there
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id, status, when, rank = ARGV[3], ARGV[6], ARGV[7], tonumber(ARGV[8])
-- include packs

if call('HEXISTS', KEYS[3], id) == 1 or packOf(id) then return 0 end
local ms = tonumber(string.sub(when, 2))
local at = string.sub(when, 1, 1) == '+' and now + ms or ms

local function newOrder()
  if at > now then return math.min((at - 1735689600000) * 1000, 8e14 - 1) end
  local order = math.max((time[1] - 1735689600) * 1000000 + time[2], tonumber(call('GET', KEYS[8]) or 0) + 1)
  call('SET', KEYS[8], string.format('%.0f', order), 'EX', 86400)
  return order
end

call('HSET', KEYS[3], id, ARGV[4])
if ARGV[5] ~= '' then call('HSET', KEYS[4], id, ARGV[5]) end
if status == 'retry' then call('SADD', KEYS[6], id) end
if status == 'interrupt' then call('SADD', KEYS[7], id) end
rank = rank or newOrder() - ARGV[9] * 8e14
if at > now then
  call('ZADD', KEYS[2], at, id)
  call('HSET', KEYS[5], id, rank)
else
  call('ZADD', KEYS[1], rank, id)
end
if call('DEL', KEYS[9]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return 1
