-- Settle: ends deliveries for good. The entry leaves every structure; a bit per token tells a repeated call so.
-- Invariant: fenced by the token; asking twice changes nothing.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[7] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[8] settled: bit n % 65536 for each token number n of this worker that ended a job
-- KEYS[9] counts: status -> jobs that ended so
-- KEYS[10] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[11] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- ARGV: worker, ms that settled tokens are remembered, whether to count, status or "moved" (to another queue: its key is free), ids (24 bytes each), token numbers (a comma after each)
-- Returns the positions of those that are lost
local call, floor, sub, find = redis.call, math.floor, string.sub, string.find
local worker = ARGV[1] .. '.'
local ids, mine, seen, words, lost = {}, {}, {}, {}, {}

-- Whether this token put the job where it is: waiting again, kept as failed, or gone.
local function isSettled(id, number)
  local past, kept = call('HGET', KEYS[5], id), call('HGET', KEYS[11], id)
  if past then return string.match(past, '^%d+ %d+ %d+ (%S+)') == worker .. number end
  if call('HEXISTS', KEYS[3], id) == 1 then return false end
  if kept then return string.match(kept, '^[^\n]*\n%d+ %d+ %d+ (%S+)') == worker .. number end
  return call('GETBIT', KEYS[8], number % 65536) == 1
end

local function remember(number)
  local bits = number % 65536
  local word = floor(bits / 32)
  words[word] = bit.bor(words[word] or 0, bit.lshift(1, 31 - bits % 32))
end

for i = 1, #ARGV[5] / 24 do ids[i] = sub(ARGV[5], 24 * i - 23, 24 * i) end
local tokens, i = call('HMGET', KEYS[4], unpack(ids)), 0
for number in string.gmatch(ARGV[6], '%d+') do
  i = i + 1
  local id, held = ids[i], tokens[i]
  if held and find(held, worker .. number .. ' ', 1, true) == 1 then
    if not seen[id] then
      seen[id], mine[#mine + 1] = true, id
      remember(number)
    end
  elseif held or not isSettled(id, number) then
    lost[#lost + 1] = i
  end
end
if #mine == 0 then return lost end

if ARGV[4] == 'moved' then
-- include free_lasting
  for _, id in ipairs(mine) do freeLasting(KEYS[6], id, call('HGET', KEYS[3], id)) end
end
if call('ZREM', KEYS[2], unpack(mine)) < #mine then
  call('ZREM', KEYS[1], unpack(mine))
  call('SREM', KEYS[10], unpack(mine))
end
call('HDEL', KEYS[3], unpack(mine))
call('HDEL', KEYS[4], unpack(mine))
if call('EXISTS', KEYS[5]) == 1 then call('HDEL', KEYS[5], unpack(mine)) end
if call('EXISTS', KEYS[7]) == 1 then
  for i, key in ipairs(call('HMGET', KEYS[7], unpack(mine))) do
    local name = key and string.sub(key, 2)
    if name and call('HGET', KEYS[6], name) == mine[i] then call('HDEL', KEYS[6], name) end
  end
  call('HDEL', KEYS[7], unpack(mine))
end
-- No bit of these is set yet, so that adding them is setting them.
local bits = {}
for word, mask in pairs(words) do
  bits[#bits + 1], bits[#bits + 2], bits[#bits + 3], bits[#bits + 4] = 'INCRBY', 'u32', '#' .. word, mask
end
call('BITFIELD', KEYS[8], unpack(bits))
call('PEXPIRE', KEYS[8], ARGV[2])
if ARGV[3] == '1' then call('HINCRBY', KEYS[9], ARGV[4], #mine) end
return lost
