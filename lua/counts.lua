-- Counts: how many jobs there are per status, in time that does not depend on their number.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] retry: ids that wait for a retry
-- KEYS[5] interrupt: ids that were given back
-- KEYS[6] counts: status -> jobs that ended so
-- KEYS[7] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[8] packed: how many jobs are in packs
-- Returns {live, started, retry, interrupt, {status, count, ...} of those that ended}
local call = redis.call
local inPacks = (call('GET', KEYS[8]) or 0) - call('ZCARD', KEYS[7])
local live = call('ZCARD', KEYS[1]) + call('ZCARD', KEYS[2]) + inPacks
return {live, call('HLEN', KEYS[3]), call('SCARD', KEYS[4]), call('SCARD', KEYS[5]), call('HGETALL', KEYS[6])}
