-- Take: holds a waiting job for its mover, so that no claim sees it between two queues or while it is ended elsewhere.
-- Invariant: an abandoned move lapses like a delivery, and the job stands in its own place again; no loss is counted,
-- but the past that is left tells its next claimer that somebody held it.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held; 0 started: a mover holds it
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] retry: ids that wait for a retry
-- KEYS[8] interrupt: ids that were given back
-- KEYS[9] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[10] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[11] packed: how many jobs are in packs
-- KEYS[12] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[13] leaving: id -> "<mover> <generation> <ms until which it has the job>", of a job that it has brought
-- ARGV: id, token of the hold, ms that it may take, the mover or ""
-- Returns {"done", entry, past, status, rank, due time (ms), key as in keyOf or ""}, or {"held"} by another mover, {"started"}, {"final"} or {"missing"}
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- include packs
-- include pack_entries
-- include open_pack
-- include moving

local id, body = ARGV[1], entryOf(ARGV[1])
local holder = call('HGET', KEYS[4], id)
if holder then return {string.sub(holder, -2) == ' 0' and 'held' or 'started'} end
if not body then return {call('HEXISTS', KEYS[9], id) == 1 and 'final' or 'missing'} end
if isMoving(id, ARGV[4]) then return {'held'} end
local due, rank = call('ZSCORE', KEYS[2], id), call('ZSCORE', KEYS[1], id) or call('HGET', KEYS[6], id) or '0'
local status = call('SREM', KEYS[7], id) == 1 and 'retry' or call('SREM', KEYS[8], id) == 1 and 'interrupt' or 'queued'
local past = call('HGET', KEYS[5], id) or ''
if past == '' then call('HSET', KEYS[5], id, '0 0 0 -') end
call('ZREM', KEYS[1], id)
call('HDEL', KEYS[6], id)
call('ZADD', KEYS[2], now + ARGV[3], id)
call('HSET', KEYS[4], id, ARGV[2] .. ' ' .. rank .. ' 0')
return {'done', body, past, status, rank, due or '0', call('HGET', KEYS[12], id) or ''}
