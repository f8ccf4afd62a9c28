-- Workers: the records of those whose time is not over.
-- KEYS[1] workers: id -> "<seenAt ms>" and the record as JSON
-- KEYS[2] lapses: ids by the time at which they are forgotten (ms)
-- ARGV: position of the first, most workers to return
-- Returns the records
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ids = call('ZRANGEBYSCORE', KEYS[2], '(' .. now, '+inf', 'LIMIT', ARGV[1], ARGV[2])
return #ids > 0 and call('HMGET', KEYS[1], unpack(ids)) or {}
