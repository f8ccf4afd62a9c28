-- Heartbeat: records a worker as seen now, and forgets those whose time is over.
-- KEYS[1] workers: id -> "<seenAt ms>" and the record as JSON
-- KEYS[2] lapses: ids by the time at which they are forgotten (ms)
-- ARGV: id, record as JSON, ms until it is forgotten
-- Returns 1
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone = call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1000)
if #gone > 0 then
  call('ZREM', KEYS[2], unpack(gone))
  call('HDEL', KEYS[1], unpack(gone))
end
-- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
call('ZREM', KEYS[2], ARGV[1])
call('HSET', KEYS[1], ARGV[1], now .. '\n' .. ARGV[2])
call('ZADD', KEYS[2], now + ARGV[3], ARGV[1])
-- The keys live as long as the worker that is forgotten last.
local last = call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')
call('PEXPIREAT', KEYS[1], last[2])
call('PEXPIREAT', KEYS[2], last[2])
return 1
