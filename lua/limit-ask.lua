-- Limit ask: jobs that want to start under one limit, answered in their order.
-- Invariant: never more than max starts in a window, by this server's clock; never more than concurrency places held.
-- KEYS[1] starts: "<id> <token>" by the time of the start (ms), those of the last window
-- KEYS[2] slots: ids by the time at which a start is reserved for them (ms)
-- KEYS[3] places: ids by the end of the lease of their place (ms)
-- KEYS[4] holders: id -> token of the delivery that holds its place
-- KEYS[5] parked: "<id> <queue>" by the time at which they began to wait for a place (ms)
-- ARGV: max or "", window (ms) or "", concurrency or "", lease (ms), most that may start, then for each job: id, queue, token
-- Returns for each job: 0 to start, -1 where it might but as many start already, else ms to wait
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, per, concurrency, lease = tonumber(ARGV[1]), tonumber(ARGV[2]) or 0, tonumber(ARGV[3]), tonumber(ARGV[4])
local slack, day, refused, answers = math.min(20, math.ceil(per / 50)), 86400000, 0, {}
local room = tonumber(ARGV[5])
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - per)
for _, id in ipairs(call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  call('ZREM', KEYS[3], id)
  call('HDEL', KEYS[4], id)
end

local function score(key, position)
  local found = call('ZRANGE', key, position, position, 'WITHSCORES')
  return tonumber(found[2])
end

-- The time that stands max places before the end of starts and reserved starts together; nil when there are fewer.
-- Found by halving: a limit may allow very many starts.
local function before()
  local slots, starts = call('ZCARD', KEYS[2]), call('ZCARD', KEYS[1])
  if slots + starts < max then return nil end
  local few, many = math.max(0, max - starts), math.min(max, slots)
  while few < many do
    local middle = math.floor((few + many) / 2)
    if score(KEYS[2], -middle - 1) > score(KEYS[1], middle - max) then few = middle + 1 else many = middle end
  end
  local slot, start = few > 0 and score(KEYS[2], -few), few < max and score(KEYS[1], few - max)
  return math.min(slot or start, start or slot)
end

local function startTime(id)
  local slot = tonumber(call('ZSCORE', KEYS[2], id))
  if slot and slot > now then return slot end
  if slot then
    local starts = call('ZCARD', KEYS[1])
    if room > 0 or starts >= max then call('ZREM', KEYS[2], id) end
    if starts < max then return now end
    return (score(KEYS[1], math.min(starts - 1, starts - max + refused)) or now) + per
  end
  local last = before()
  if not last or last + per <= now then return now end
  return last + per + slack
end

-- How many wait in front of it. Those that come now stand behind all others.
local waiting
local function park(member)
  local isNew = call('ZADD', KEYS[5], 'NX', time[1] * 1000000 + time[2], member) == 1
  if not waiting then
    waiting = call('ZCARD', KEYS[5])
    call('PEXPIRE', KEYS[5], day)
  elseif isNew then
    waiting = waiting + 1
  end
  return isNew and waiting - 1 or call('ZRANK', KEYS[5], member)
end

local function ask(id, queue, token)
  local known = concurrency and call('HEXISTS', KEYS[4], id) == 1
  if concurrency and not known and call('ZCARD', KEYS[3]) >= concurrency then
    return math.min(lease * (1 + park(id .. ' ' .. queue)), day / 4)
  end
  local at = max and startTime(id) or now
  if at <= now and room <= 0 then return -1 end
  if concurrency then call('ZREM', KEYS[5], id .. ' ' .. queue) end
  if at > now then
    call('ZADD', KEYS[2], at, id)
    call('PEXPIREAT', KEYS[2], math.ceil(score(KEYS[2], -1) + day))
    if known then
      call('ZREM', KEYS[3], id)
      call('HDEL', KEYS[4], id)
    end
    return at - now
  end
  if max then
    call('ZADD', KEYS[1], now, id .. ' ' .. token)
    call('PEXPIRE', KEYS[1], per)
  end
  if concurrency then
    call('ZADD', KEYS[3], now + lease, id)
    call('HSET', KEYS[4], id, token)
    call('PEXPIRE', KEYS[3], day)
    call('PEXPIRE', KEYS[4], day)
  end
  return 0
end

for i = 6, #ARGV, 3 do
  local wait = ask(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  if wait > 0 then refused = refused + 1 elseif wait == 0 then room = room - 1 end
  answers[#answers + 1] = wait
end
return answers
