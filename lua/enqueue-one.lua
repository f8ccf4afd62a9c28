-- Enqueue one: adds a plain job (due now, of priority 0, in its first life, without a key) that came alone.
-- Invariant: as of enqueue: an id that is there already is left alone, so it can be asked twice; orders only grow.
-- KEYS[1] ready: ids in line, and names of packs, by rank
-- KEYS[2] body: id -> entry, name of a pack -> its text
-- KEYS[3] order: the last order that was given
-- KEYS[4] idle: there while claimers wait for a wake-up
-- KEYS[5] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[6] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- ARGV: wake-up channel, queue, id, head and params
-- Returns {}
local call, id = redis.call, ARGV[3]
local time = call('TIME')
-- Most often none of the three is there: one question instead of three.
local some = call('EXISTS', KEYS[4], KEYS[5], KEYS[6]) > 0
if some and call('HEXISTS', KEYS[5], id) == 1 then return {} end
-- Functions are made at every call: here only where they are needed.
if some and call('EXISTS', KEYS[6]) == 1 then
-- include packs
  if packOf(id) then return {} end
end
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if call('HSETNX', KEYS[2], id, now .. ' 1 0\n' .. ARGV[4]) == 0 then return {} end
local order = math.max((time[1] - 1735689600) * 1000000 + time[2], (tonumber(call('GET', KEYS[3]) or 0)) + 1)
local rank = string.format('%.0f', order)
call('ZADD', KEYS[1], rank, id)
call('SET', KEYS[3], rank, 'EX', 86400)
if some and call('DEL', KEYS[4]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return {}
