-- Request cancel: keeps requests to cancel running jobs, and forgets those whose time is over.
-- KEYS[1] cancels: "<id> <generation> <queue>" by the time at which the request is forgotten (ms)
-- ARGV: ms until the requests are forgotten, requests
-- Returns 1
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for i = 2, #ARGV do call('ZADD', KEYS[1], now + ARGV[1], ARGV[i]) end
local last = call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then call('PEXPIREAT', KEYS[1], last[2]) end
return 1
