-- Limit release: frees places of one limit, and keeps each for the job that has waited longest.
-- Invariant: a place is freed by its holder only; a job that is told of a place has it, for a while.
-- KEYS[1] starts: "<id> <token>" by the time of the start (ms), those of the last window
-- KEYS[2] places: ids by the end of the lease of their place (ms)
-- KEYS[3] holders: id -> token of the delivery that holds its place
-- KEYS[4] parked: "<id> <queue>" by the time at which they began to wait for a place (ms)
-- ARGV: concurrency or "", ms that a place is kept, then for each delivery: id, token, whether its start is not counted
-- Returns "<id> <queue>" of the jobs to be told
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 3, #ARGV, 3 do
  local id, token = ARGV[i], ARGV[i + 1]
  if ARGV[i + 2] == '1' then call('ZREM', KEYS[1], id .. ' ' .. token) end
  if call('HGET', KEYS[3], id) == token then
    call('ZREM', KEYS[2], id)
    call('HDEL', KEYS[3], id)
  end
end
for _, id in ipairs(call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  call('ZREM', KEYS[2], id)
  call('HDEL', KEYS[3], id)
end
local free = (tonumber(ARGV[1]) or 0) - call('ZCARD', KEYS[2])
if free <= 0 then return {} end
local popped, told = call('ZPOPMIN', KEYS[4], math.min(free, 1000)), {}
for i = 1, #popped, 2 do
  local id = string.match(popped[i], '^%S+')
  call('ZADD', KEYS[2], now + ARGV[2], id)
  call('HSET', KEYS[3], id, '')
  told[#told + 1] = popped[i]
end
-- Nobody may come for them.
if #told > 0 then
  call('PEXPIRE', KEYS[2], 86400000)
  call('PEXPIRE', KEYS[3], 86400000)
end
return told
