-- Enqueue: adds jobs at their place in line. An id that is there already is left alone, so it can be asked twice.
-- Invariant: a unique key belongs to one living job; orders of one queue only grow.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] place: id -> rank of those in due that nobody holds
-- KEYS[5] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[6] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[7] order: the last order that was given
-- KEYS[8] idle: there while claimers wait for a wake-up
-- KEYS[9] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[10] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- ARGV: wake-up channel, queue, ids (24 bytes each), the head that all share or "", the bytes of each text (a comma after
-- each), the texts (params; without a shared head, head and params); then, unless all are plain, the manner of each:
-- "" (due now, priority 0, generation 1, no key) or "<due> <priority> <generation> <key>", due "" now, "+ms" after, "@ms" at, key as in keyOf
-- Returns {position, id of the living job that has the key, ...} of those that were not created
local call, sub = redis.call, string.sub
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local order = math.max((time[1] - 1735689600) * 1000000 + time[2] - 1, tonumber(call('GET', KEYS[7]) or 0))
local ids, seen, refused, here = {}, {}, {}, {}
local bodies, ready, due, places, keys, keyOf = {}, {}, {}, {}, {}, {}
local head = ARGV[4] == '' and '' or ARGV[4] .. '\n'
local plain = now .. ' 1 0\n' .. head

local function push(list, a, b)
  local n = #list
  list[n + 1], list[n + 2] = a, b
end

-- Orders are microseconds since 2025; below 8e14 with priorities to 10 ranks are exact doubles until 2050.
local function line(id, when, priority)
  local sign, ms = sub(when, 1, 1), tonumber(sub(when, 2)) or 0
  local at = sign == '+' and now + ms or ms
  if at <= now then
    order = order + 1
    return push(ready, order - priority * 8e14, id)
  end
  push(due, at, id)
  push(places, id, math.min((at - 1735689600000) * 1000, 8e14 - 1) - priority * 8e14)
end

-- The living job that has the key; a key whose job is gone is free, unless it is taken for a time.
local function owner(key)
  if here[key] then return here[key] end
  local held = call('HGET', KEYS[5], key)
  if not held then return end
  local id, till = sub(held, 1, 24), tonumber(sub(held, 26))
  if till and till > now then return id end
  return call('HEXISTS', till and KEYS[6] or KEYS[3], id) == 1 and id
end

local function add(i, id, text, manner)
  local when, priority, generation, key = string.match(manner, '^(%S*) (%S+) (%S+) (.*)$')
  if key ~= '' then
    local name = sub(key, 2)
    local living = owner(name)
    if living then return push(refused, i, living) end
    here[name] = id
    push(keys, name, id)
    push(keyOf, id, key)
  end
  push(bodies, id, now .. ' ' .. generation .. ' ' .. priority .. '\n' .. head .. text)
  line(id, when, tonumber(priority))
end

for i = 1, #ARGV[3], 24 do ids[#ids + 1] = sub(ARGV[3], i, i + 23) end
local found = call('HMGET', KEYS[3], unpack(ids))
local over = call('EXISTS', KEYS[9]) == 1 and call('HMGET', KEYS[9], unpack(ids)) or {}
if call('EXISTS', KEYS[10]) == 1 then
-- include packs
  for i, id in ipairs(ids) do found[i] = found[i] or packOf(id) end
end
local texts, manners, stop, i, n = ARGV[6], #ARGV > 6, 0, 0, 0
-- Of one rank, ids go in their own order: those of one producer ascend, and writing a number costs more than comparing.
local last, rank = '', nil
for length in string.gmatch(ARGV[5], '%d+') do
  i = i + 1
  local id, start = ids[i], stop + 1
  stop = stop + length
  if not found[i] and not over[i] and not seen[id] then
    seen[id] = true
    if manners and ARGV[6 + i] ~= '' then
      add(i, id, sub(texts, start, stop), ARGV[6 + i])
    elseif manners then
      order = order + 1
      push(ready, order, id)
      push(bodies, id, plain .. sub(texts, start, stop))
    else
      if id < last or not rank then
        order = order + 1
        rank = string.format('%.0f', order)
      end
      last = id
      ready[n + 1], ready[n + 2] = rank, id
      bodies[n + 1], bodies[n + 2] = id, plain .. sub(texts, start, stop)
      n = n + 2
    end
  end
end
if #bodies > 0 then call('HSET', KEYS[3], unpack(bodies)) end
if #keys > 0 then
  call('HSET', KEYS[5], unpack(keys))
  call('HSET', KEYS[6], unpack(keyOf))
end
if #due > 0 then
  call('ZADD', KEYS[2], unpack(due))
  call('HSET', KEYS[4], unpack(places))
end
if #ready > 0 then
  call('ZADD', KEYS[1], unpack(ready))
  call('SET', KEYS[7], string.format('%.0f', order), 'EX', 86400)
end
if #bodies > 0 and call('DEL', KEYS[8]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return refused
