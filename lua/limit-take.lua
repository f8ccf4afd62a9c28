-- Limit take: one action of a sliding window, by this server's clock. A refused one counts nothing.
-- KEYS[1] starts: a name for each action by its time (ms), those of the last window
-- ARGV: max, window (ms), name of the action
-- Returns how many were free, this one included; 0: refused
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
local free = ARGV[1] - call('ZCARD', KEYS[1])
if free <= 0 then return 0 end
call('ZADD', KEYS[1], now, ARGV[3])
call('PEXPIRE', KEYS[1], ARGV[2])
return free
