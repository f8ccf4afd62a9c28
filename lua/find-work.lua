-- Find work: which of many queues have something to hand out, and when the next job of each of the others comes due.
-- Invariant: whoever adds to a queue that is told to be empty wakes its claimers.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] paused: there while the queue is paused
-- KEYS[4] idle: there while claimers wait for a wake-up
-- The keys repeat, once for each queue.
-- Returns {position of a queue, ms until it has work (0: now), ...}; queues that are empty or paused are not named
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local found = {}
for i = 1, #KEYS, 4 do
  local due = call('EXISTS', KEYS[i]) == 1 and now or tonumber(call('ZRANGE', KEYS[i + 1], 0, 0, 'WITHSCORES')[2])
  -- Written only where it is missing: a look that finds nothing new is no work for replicas and the append-only file.
  if (not due or due > now) and call('EXISTS', KEYS[i + 3]) == 0 then
    -- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
    call('DEL', KEYS[i + 3])
    call('SET', KEYS[i + 3], 1, 'EX', 3600)
  end
  if due and call('EXISTS', KEYS[i + 2]) == 0 then
    found[#found + 1], found[#found + 2] = (i + 3) / 4, math.max(0, due - now)
  end
end
return found
