-- Limit extend: holds places of one limit for another lease. Those that are not held any more stay so.
-- KEYS[1] places: ids by the end of the lease of their place (ms)
-- KEYS[2] holders: id -> token of the delivery that holds its place
-- ARGV: lease (ms), then for each delivery: id, token
-- Returns how many are held
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = 0
-- A run may last longer than a limit is remembered that nobody asks. This comes first: a server whose memory is full
-- refuses scripts that begin by what may add.
call('PEXPIRE', KEYS[1], 86400000)
call('PEXPIRE', KEYS[2], 86400000)
for i = 2, #ARGV, 2 do
  if call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then
    call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[i])
    held = held + 1
  end
end
return held
