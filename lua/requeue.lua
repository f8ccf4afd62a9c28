-- Requeue: begins the next life of jobs that are kept as failed, at the end of the line.
-- Invariant: attempts, losses and history start again; the unique key is taken again, or else nothing changes.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] body: id -> entry
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] order: the last order that was given
-- KEYS[5] idle: there while claimers wait for a wake-up
-- KEYS[6] counts: status -> jobs that ended so
-- KEYS[7] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[8] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[9] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[10] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[11] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- ARGV: wake-up channel, queue, "fifo", "lifo", "sorted" or "timed"; then ids
-- Returns for each id "done", "waiting", "started", "missing" or "keyTaken"
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local order = math.max((time[1] - 1735689600) * 1000000 + time[2] - 1, tonumber(call('GET', KEYS[4]) or 0))
local answers, changed = {}, false

-- include packs

local function rankOf(priority, text)
  if ARGV[3] == 'lifo' then return 8e14 - 1 - order - priority * 8e14 end
  if ARGV[3] == 'timed' then return (now - 1735689600000) * 1000 end
  if ARGV[3] == 'sorted' then return cjson.decode(match(text, '^\n([^\n]*)')).score or 0 end
  return order - priority * 8e14
end

-- A key whose job is gone is free, unless it is taken for a time.
local function isTaken(held, id)
  local owner, till = string.sub(held, 1, 24), tonumber(string.sub(held, 26))
  if owner == id then return false end
  return till ~= nil and till > now or call('HEXISTS', till and KEYS[10] or KEYS[2], owner) == 1
end

local function takeKey(id, text)
  local head = match(text, '^\n([^\n]*)')
  local key = string.find(head, '"key":{', 1, true) and cjson.decode(head).key
  if not key then return true end
  local held = call('HGET', KEYS[9], key.value)
  if held and isTaken(held, id) then return false end
  local till = tonumber(key['for'])
  call('HSET', KEYS[9], key.value, till and id .. ' ' .. string.format('%.0f', now + till) or id)
  call('HSET', KEYS[10], id, (key['until'] == 'start' and 's' or 'f') .. key.value)
  return true
end

local function revive(id, kept)
  local status, entry = match(kept, '^(%S+).-\n\n(.*)$')
  local generation, priority, text = match(entry or '', '^%d+ (%d+) (%-?%d+)[^\n]*(\n.*)$')
  if not text then return 'missing' end
  if not takeKey(id, text) then return 'keyTaken' end
  order = order + 1
  text = string.gsub(text, '^(\n[^\n]-),"startBy":%b{}', '%1', 1)
  call('HDEL', KEYS[8], id)
  call('ZREM', KEYS[7], id)
  call('HSET', KEYS[2], id, now .. ' ' .. (generation + 1) .. ' ' .. priority .. text)
  call('ZADD', KEYS[1], rankOf(priority, text), id)
  call('HINCRBY', KEYS[6], status, -1)
  changed = true
  return 'done'
end

local function requeue(id)
  if call('HEXISTS', KEYS[3], id) == 1 then return 'started' end
  if call('HEXISTS', KEYS[2], id) == 1 or packOf(id) then return 'waiting' end
  local kept = call('HGET', KEYS[8], id)
  return kept and revive(id, kept) or 'missing'
end

for i = 4, #ARGV do answers[#answers + 1] = requeue(ARGV[i]) end
if changed then
  call('SET', KEYS[4], string.format('%.0f', order), 'EX', 86400)
  if call('DEL', KEYS[5]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
end
return answers
