-- Receive: puts jobs that come from another queue or another store into this one, under their own ids.
-- Invariant: an id that is there is left alone; the unique key is taken, or else nothing changes.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[5] place: id -> rank of those in due that nobody holds
-- KEYS[6] retry: ids that wait for a retry
-- KEYS[7] interrupt: ids that were given back
-- KEYS[8] order: the last order that was given
-- KEYS[9] idle: there while claimers wait for a wake-up
-- KEYS[10] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[11] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[12] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[13] token: id -> "<token> <rank> <startedMs>" while a delivery is held; 0 started: a mover holds it
-- KEYS[14] leaving: id -> "<mover> <generation> <ms until which it has the job>"
-- ARGV: wake-up channel, queue, "fifo", "lifo", "sorted" or "timed", the mover that has the jobs until they arrive or "",
-- ms for which it does, ms after which that is forgotten; then for each job: id, entry, past or "", status,
-- due ("+ms" after, "@ms" at), rank or "" for a new place, priority, key as in keyOf or "",
-- the time until which the key is taken at least (ms) or ""
-- Returns for each "done", "here", "leaving" (here, and another mover has it) or "keyTaken"
local call, sub, match = redis.call, string.sub, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answers, changed = {}, false

-- include packs
-- include moving

local function newOrder(at)
  if at > now then return math.min((at - 1735689600000) * 1000, 8e14 - 1) end
  local order = math.max((time[1] - 1735689600) * 1000000 + time[2], tonumber(call('GET', KEYS[8]) or 0) + 1)
  call('SET', KEYS[8], string.format('%.0f', order), 'EX', 86400)
  return order
end

local function newRank(at, priority)
  local order = newOrder(at)
  return (ARGV[3] == 'lifo' and 8e14 - 1 - order or order) - priority * 8e14
end

-- A key whose job is gone is free, unless it is taken for a time.
local function isTaken(held, id)
  local owner, till = sub(held, 1, 24), tonumber(sub(held, 26))
  if owner == id then return false end
  return till ~= nil and till > now or call('HEXISTS', till and KEYS[12] or KEYS[3], owner) == 1
end

local function takeKey(id, key, till)
  if key == '' then return true end
  local held = call('HGET', KEYS[11], sub(key, 2))
  if held and isTaken(held, id) then return false end
  call('HSET', KEYS[11], sub(key, 2), till == '' and id or id .. ' ' .. till)
  call('HSET', KEYS[12], id, key)
  return true
end

local function stand(id, when, rank, priority)
  local ms = tonumber(sub(when, 2))
  local at = sub(when, 1, 1) == '+' and now + ms or ms
  rank = tonumber(rank) or newRank(at, priority)
  if at > now then
    call('ZADD', KEYS[2], at, id)
    call('HSET', KEYS[5], id, rank)
  else
    call('ZADD', KEYS[1], rank, id)
  end
end

-- Whether what stands here is an earlier state of the job that comes: of an earlier life, or before its latest run.
local function isEarlier(id, entry, past)
  local generation, coming = match(call('HGET', KEYS[3], id) or '', '^%d+ (%d+)'), match(entry, '^%d+ (%d+)')
  if generation ~= coming then return (tonumber(generation) or 0) < (tonumber(coming) or 0) end
  local runs, told = match(call('HGET', KEYS[4], id) or '', '^%d+ (%d+)'), match(past, '^%d+ (%d+)')
  return (tonumber(runs) or 0) < (tonumber(told) or 0)
end

-- A mover holds it, or a delivery that sent it away and has yet to leave.
local function isLeaving(id, entry, past)
  local held = call('HGET', KEYS[13], id)
  if held and (sub(held, -2) == ' 0' or isEarlier(id, entry, past)) then return true end
  return ARGV[4] ~= '' and isMoving(id, ARGV[4])
end

local function holdFor(id)
  if ARGV[4] == '' then return end
  call('HSET', KEYS[14], id, ARGV[4] .. ' 0 ' .. string.format('%.0f', now + ARGV[5]))
  call('PEXPIRE', KEYS[14], ARGV[6])
end

local function receive(i)
  local id, past, status = ARGV[i], ARGV[i + 2], ARGV[i + 3]
  if call('HEXISTS', KEYS[3], id) == 1 or packOf(id) then
    if isLeaving(id, ARGV[i + 1], past) then return 'leaving' end
    holdFor(id)
    return 'here'
  end
  if not takeKey(id, ARGV[i + 7], ARGV[i + 8]) then return 'keyTaken' end
  call('HSET', KEYS[3], id, ARGV[i + 1])
  if past ~= '' then call('HSET', KEYS[4], id, past) end
  if status == 'retry' then call('SADD', KEYS[6], id) end
  if status == 'interrupt' then call('SADD', KEYS[7], id) end
  stand(id, ARGV[i + 4], ARGV[i + 5], ARGV[i + 6])
  changed = true
  holdFor(id)
  return 'done'
end

for i = 7, #ARGV, 9 do answers[#answers + 1] = receive(i) end
if changed and call('DEL', KEYS[9]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return answers
