-- Pack: adds plain jobs (due now, of priority 0, in their first life, without a key) of one head, which stand in line as one.
-- Invariant: as of enqueue: an id that is there already is left alone, so it can be asked twice; orders only grow.
-- KEYS[1] ready: ids in line, and names of packs, by rank
-- KEYS[2] body: id -> entry, name of a pack -> its text
-- KEYS[3] order: the last order that was given
-- KEYS[4] idle: there while claimers wait for a wake-up
-- KEYS[5] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[6] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[7] packed: how many jobs are in packs
-- ARGV: wake-up channel, queue, head; then for each pack: its name, and the bytes of each params, a line break and the params
-- Returns {}
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local order = math.max((time[1] - 1735689600) * 1000000 + time[2] - 1, tonumber(call('GET', KEYS[3]) or 0))
local shared, added = now .. ' 1 0\n' .. ARGV[3] .. '\n', false

-- include packs
-- include pack_entries

local function anyOf(hash, ids)
  for _, text in ipairs(call('HMGET', hash, unpack(ids))) do
    if text then return true end
  end
  return false
end

-- Where all that is here stands in packs, no id needs to be looked for.
local function areNew(name)
  local other = packBefore(packedId(name, packSize(name)))
  if other and packedId(other, packSize(other)) >= string.sub(name, 1, 24) then return false end
  if call('HLEN', KEYS[2]) > call('ZCARD', KEYS[6]) and anyOf(KEYS[2], packedIds(name, packSize(name))) then return false end
  return call('EXISTS', KEYS[5]) == 0 or not anyOf(KEYS[5], packedIds(name, packSize(name)))
end

local function isHere(id)
  return call('HEXISTS', KEYS[2], id) == 1 or call('HEXISTS', KEYS[5], id) == 1 or packOf(id) ~= nil
end

-- Those of a pack that are not here stand for themselves.
local function addOthers(rank, name, text)
  for n, entry in ipairs(packEntries(name, text) or {}) do
    local id = packedId(name, n)
    if not isHere(id) then
      call('HSET', KEYS[2], id, entry)
      call('ZADD', KEYS[1], rank, id)
      added = true
    end
  end
end

for i = 4, #ARGV, 2 do
  local name, text = ARGV[i], shared .. ARGV[i + 1]
  order = order + 1
  local rank = string.format('%.0f', order)
  if areNew(name) then
    call('ZADD', KEYS[1], rank, name)
    call('HSET', KEYS[2], name, text)
    call('ZADD', KEYS[6], 0, name)
    call('INCRBY', KEYS[7], packSize(name))
    added = true
  else
    addOthers(rank, name, text)
  end
end
if added then
  call('SET', KEYS[3], string.format('%.0f', order), 'EX', 86400)
  if call('DEL', KEYS[4]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
end
return {}
