-- Histogram: how many waiting jobs lie in each slice of time or score, in time that does not depend on their number.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[5] packed: how many jobs are in packs
-- ARGV: "due" or "score"; then the edges of the slices, ascending
-- Returns {jobs that stand in no slice, below the first edge, between each two, from the last edge on}
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local byScore = ARGV[1] == 'score'
local sliced, other = KEYS[2], KEYS[1]
if byScore then sliced, other = other, sliced end

-- By time, what has come due already is in line, even where no claim has moved it there.
local later = byScore and '-inf' or string.format('(%.0f', now)
local counts = {call('ZCARD', other) + call('ZCARD', sliced) - call('ZCOUNT', sliced, later, '+inf')}

if not byScore then counts[1] = counts[1] + (call('GET', KEYS[5]) or 0) - call('ZCARD', KEYS[4]) end

local function below(edge)
  if not byScore and tonumber(edge) <= now then return 0 end
  return call('ZCOUNT', sliced, later, '(' .. edge)
end

local function sliceOf(value)
  if not byScore and value <= now then return 1 end
  local low, high = 2, #ARGV + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if value < tonumber(ARGV[middle]) then high = middle else low = middle + 1 end
  end
  return low
end

local before = 0
for i = 2, #ARGV do
  local sum = below(ARGV[i])
  counts[i] = sum - before
  before = sum
end
counts[#ARGV + 1] = call('ZCOUNT', sliced, later, '+inf') - before

-- Started jobs stand there with their leases, and do not wait.
for _, id in ipairs(call('HKEYS', KEYS[3])) do
  local value = call('ZSCORE', sliced, id)
  local slice = value and sliceOf(tonumber(value)) or 1
  counts[slice] = counts[slice] - 1
end
return counts
