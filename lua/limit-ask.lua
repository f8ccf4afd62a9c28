-- Limit ask: jobs that want to start under one limit, answered in their order.
-- Invariant: never more than max starts in a window, by this server's clock; never more than concurrency places held.
-- KEYS[1] starts: "<id> <token>" by the time of the start (ms), those of the last window and those to come that were told early
-- KEYS[2] slots: ids by the time at which a start is reserved for them (ms)
-- KEYS[3] places: ids by the end of the lease of their place (ms)
-- KEYS[4] holders: id -> token of the delivery that holds its place
-- KEYS[5] parked: "<id> <queue>" by the time at which they began to wait for a place (ms)
-- KEYS[6] again: ids by the time at which a start is reserved for those that came at their time and found it gone (ms)
-- ARGV: max or "", window (ms) or "", concurrency or "", lease (ms), most that may start, how long before its start a job may be let go (ms), then for each job: id, queue, token
-- Returns for each job: 0 to start, -1 where it might but as many start already, below: to start in (-1 - it) ms, else ms to wait
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, per, concurrency, lease = tonumber(ARGV[1]), tonumber(ARGV[2]) or 0, tonumber(ARGV[3]), tonumber(ARGV[4])
local slack, day, answers = math.min(10, math.ceil(per / 50)), 86400000, {}
-- No more than about 32 starts are told early at a time: each of them keeps a slot of a worker.
local room, early = tonumber(ARGV[5]), max and math.min(tonumber(ARGV[6]), math.floor(32 * per / max)) or 0
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - per)
for _, id in ipairs(call('ZRANGEBYSCORE', KEYS[3], '-inf', now)) do
  call('ZREM', KEYS[3], id)
  call('HDEL', KEYS[4], id)
end

local function score(key, position)
  local found = call('ZRANGE', key, position, position, 'WITHSCORES')
  return tonumber(found[2])
end

-- Nobody waits any longer for those that came late again. They keep their turn, as those do that come late at first.
local late = max and call('ZRANGEBYSCORE', KEYS[6], '-inf', now - 200, 'WITHSCORES') or {}
for i = 1, #late, 2 do
  call('ZREM', KEYS[6], late[i])
  call('ZADD', KEYS[2], late[i + 1], late[i])
end
if #late > 0 then call('PEXPIREAT', KEYS[2], math.ceil(score(KEYS[2], -1) + day)) end

-- The first time behind all starts and all of the reserved ones at which a window has room for one more.
-- Found by halving: a limit may allow very many starts.
local function behind(reserved)
  local slots, starts = call('ZCARD', reserved), call('ZCARD', KEYS[1])
  if slots + starts < max then return 0 end
  local few, many = math.max(0, max - starts), math.min(max, slots)
  while few < many do
    local middle = math.floor((few + many) / 2)
    if score(reserved, -middle - 1) > score(KEYS[1], middle - max) then few = middle + 1 else many = middle end
  end
  local slot, start = few > 0 and score(reserved, -few), few < max and score(KEYS[1], few - max)
  return math.min(slot or start, start or slot) + per
end

-- The first time from then on at which a window has room for one more, starts to come included: any max of them that lie
-- within a window keep others away from all of it.
local function firstFree(from)
  local at, before = from, call('ZCOUNT', KEYS[1], '-inf', from - per)
  for last = before + max - 1, call('ZCARD', KEYS[1]) - 1 do
    local closes = score(KEYS[1], last - max + 1) + per
    if at < closes and at > score(KEYS[1], last) - per then at = closes end
  end
  return at
end

-- Behind all others; for a job whose time has come as soon as can be. What came late and found its start gone stands in
-- a line of its own. Others stand behind it where no start is free in time: right now where the line is as long as a window.
local function startTime(id)
  local again = tonumber(call('ZSCORE', KEYS[6], id))
  local own = again or tonumber(call('ZSCORE', KEYS[2], id))
  if not own then
    local at = math.max(behind(KEYS[2]), behind(KEYS[6]))
    return at <= now and now or at + slack
  end
  if own > now + early then return own, own end
  local from = math.max(now, own)
  local free, others = firstFree(from), again and 0 or call('ZCOUNT', KEYS[6], '(' .. now, '+inf')
  if others == 0 or free <= now + (others < max and early or 0) then return free, own end
  return math.max(from, behind(KEYS[6])), own
end

local function reserve(id, at, own)
  if own == at then return end
  if own then call('ZREM', KEYS[2], id) end
  local line = own and KEYS[6] or KEYS[2]
  call('ZADD', line, at, id)
  call('PEXPIREAT', line, math.ceil(score(line, -1) + day))
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
  local at, own = now, nil
  if max then at, own = startTime(id) end
  if at <= now and room <= 0 then return -1 end
  if concurrency then call('ZREM', KEYS[5], id .. ' ' .. queue) end
  -- One that is seen first is not kept for as long as one that has waited: it can still come back.
  if at > now + (room > 0 and (own and early or early / 3) or 0) then
    reserve(id, at, own)
    if known then
      call('ZREM', KEYS[3], id)
      call('HDEL', KEYS[4], id)
    end
    return math.max(1, at - now - math.min(early, slack))
  end
  if max then
    if own then
      call('ZREM', KEYS[2], id)
      call('ZREM', KEYS[6], id)
    end
    call('ZADD', KEYS[1], at, id .. ' ' .. token)
    call('PEXPIREAT', KEYS[1], math.ceil(score(KEYS[1], -1) + per))
  end
  if concurrency then
    call('ZADD', KEYS[3], at + lease, id)
    call('HSET', KEYS[4], id, token)
    call('PEXPIRE', KEYS[3], day)
    call('PEXPIRE', KEYS[4], day)
  end
  return at > now and now - at - 1 or 0
end

for i = 7, #ARGV, 3 do
  local wait = ask(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  if wait < -1 or wait == 0 then room = room - 1 end
  answers[#answers + 1] = wait
end
return answers
