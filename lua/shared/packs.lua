-- Packs: jobs of one call that stand in line as one, named "<id of the first>+<how many>". Their ids follow each other.
-- The text of a pack: first line and head of an entry, the bytes of each one's params (a comma after each), the params.
-- A job leaves its pack for good before anything else is written about it.
local function packSize(name)
  return tonumber(string.sub(name, 26)) or 0
end

local function packedId(name, n)
  return string.sub(name, 1, 18) .. string.format('%06x', (tonumber(string.sub(name, 19, 24), 16) or 0) + n - 1)
end

-- The ids of its first jobs. A number that is written once serves the sixteen that share all digits but the last.
local hex = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'}
local function packedIds(name, count)
  local ids, prefix, from, tens = {}, string.sub(name, 1, 18), tonumber(string.sub(name, 19, 24), 16) or 0, nil
  for n = 1, count do
    local digit = (from + n - 1) % 16
    if digit == 0 or not tens then tens = prefix .. string.format('%05x', (from + n - 1 - digit) / 16) end
    ids[n] = tens .. hex[digit + 1]
  end
  return ids
end

-- The only pack that may hold the id, since packs do not overlap: the last that begins before it or with it.
local function packBefore(id)
  return redis.call('ZREVRANGEBYLEX', KEYS.packs, '[' .. id .. '~', '-', 'LIMIT', 0, 1)[1]
end

-- The pack that holds the job, and the job's place in it.
local function packOf(id)
  local name = #id == 24 and packBefore(id)
  if not name or string.sub(name, 1, 18) ~= string.sub(id, 1, 18) then return end
  local place = (tonumber(string.sub(id, 19), 16) or 0) - (tonumber(string.sub(name, 19, 24), 16) or 0) + 1
  if place <= packSize(name) and packedId(name, place) == id then return name, place end
end

-- The entries of a pack, at most so many and none after so many bytes, and the text of the pack that the others make;
-- nothing when it cannot be a pack.
local function packEntries(name, text, most, bytes)
  local count, sub = packSize(name), string.sub
  local shared, lengths, from = string.match(text or '', '^(%d+ %d+ %-?%d+\n[^\n]*\n)([%d,]*)\n()')
  if not shared or sub(name, 25, 25) ~= '+' or count > 1000 then return end
  local entries, n, last, left = {}, 0, most or count, bytes or math.huge
  local next = 1
  for length in string.gmatch(lengths, '%d+') do
    local entry = shared .. sub(text, from, from + length - 1)
    n = n + 1
    entries[n], from, left, next = entry, from + length, left - #entry, next + #length + 1
    if n == count then break end
    if n >= last or left <= 0 then return entries, shared .. sub(lengths, next) .. '\n' .. sub(text, from) end
  end
  if n == count and from == #text + 1 then return entries end
end

local function foldPack(rank, name, text)
  redis.call('ZADD', KEYS.ready, rank, name)
  redis.call('HSET', KEYS.body, name, text)
  redis.call('ZADD', KEYS.packs, 0, name)
  redis.call('INCRBY', KEYS.packed, packSize(name))
end

local function uncountPack(name)
  if redis.call('ZREM', KEYS.packs, name) == 0 then return end
  if redis.call('DECRBY', KEYS.packed, packSize(name)) <= 0 then redis.call('DEL', KEYS.packed) end
end

-- Lets the jobs of a pack stand for themselves, at its rank. Removing comes first, as where the server's memory is full.
local function openPack(name)
  local rank, entries = redis.call('ZSCORE', KEYS.ready, name), packEntries(name, redis.call('HGET', KEYS.body, name))
  if not rank or not entries then return end
  local line, bodies = {}, {}
  for i, entry in ipairs(entries) do
    local id = packedId(name, i)
    line[2 * i - 1], line[2 * i] = rank, id
    bodies[2 * i - 1], bodies[2 * i] = id, entry
  end
  uncountPack(name)
  redis.call('ZREM', KEYS.ready, name)
  redis.call('HDEL', KEYS.body, name)
  redis.call('ZADD', KEYS.ready, unpack(line))
  redis.call('HSET', KEYS.body, unpack(bodies))
end

-- The entry of a job by its id; a pack that holds it is opened.
local function entryOf(id)
  if string.sub(id, 25, 25) == '+' then return false end
  local text = redis.call('HGET', KEYS.body, id)
  local name = not text and packOf(id)
  if not name then return text end
  openPack(name)
  return redis.call('HGET', KEYS.body, id)
end
