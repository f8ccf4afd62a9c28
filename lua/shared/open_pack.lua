local function uncountPack(name)
  if redis.call('ZREM', KEYS.packs, name) == 0 then return end
  if redis.call('DECRBY', KEYS.packed, packSize(name)) <= 0 then redis.call('DEL', KEYS.packed) end
end

-- Lets the jobs of a pack stand for themselves, at its rank. Removing comes first, as where the server's memory is full.
local function openPack(name)
  local rank, entries = redis.call('ZSCORE', KEYS.ready, name), packEntries(name, redis.call('HGET', KEYS.body, name))
  if not rank or not entries then return end
  local line, bodies, ids = {}, {}, packedIds(name, #entries)
  for i, entry in ipairs(entries) do
    local id = ids[i]
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
