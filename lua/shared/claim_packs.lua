-- How a claim takes jobs out of packs.

-- Takes jobs out of a pack that was first in line; the others make a smaller one in its place.
local function unfold(name, rank, most, bytes)
  if call('ZREM', KEYS.packs, name) == 0 then return end
  local entries, rest = packEntries(name, call('HGET', KEYS.body, name), most, bytes)
  local taken = rest and #entries or packSize(name)
  if call('DECRBY', KEYS.packed, taken) <= 0 then call('DEL', KEYS.packed) end
  if not entries then return end
  call('HDEL', KEYS.body, name)
  if not rest then return entries end
  local left = packedId(name, taken + 1) .. '+' .. packSize(name) - taken
  call('ZADD', KEYS.ready, rank, left)
  call('HSET', KEYS.body, left, rest)
  call('ZADD', KEYS.packs, 0, left)
  return entries, left
end

-- What was taken out of the line and finds no room stands there again.
local function putBack(got, from, first)
  local back = {}
  for i = from, #got, 2 do back[#back + 1], back[#back + 2] = got[i + 1], got[i] end
  if #back > 0 then call('ZADD', KEYS.ready, unpack(back)) end
  local place = offset and (first or back[2]) and call('ZRANK', KEYS.ready, first or back[2])
  if place then offset = offset < 0 and place or math.min(offset, place) end
end

-- The jobs that places in line stand for, each with its rank, and the entries of all of them where all come out of packs.
local function expand(got)
  local jobs, entries, fresh, n, i, left, rest = {}, {}, {}, 0, 1, room, nil
  while i < #got and taken + n < max and left > 0 and not rest do
    local name, rank, found = got[i], got[i + 1], nil
    if #name ~= 24 then found, rest = unfold(name, rank, max - taken - n, left) end
    local ids = found and packedIds(name, #found) or {name}
    for place, id in ipairs(ids) do
      local entry, last = found and found[place], #fresh
      jobs[2 * n + 1], jobs[2 * n + 2], n = id, rank, n + 1
      if entry then
        fresh[last + 1], fresh[last + 2] = id, entry
        entries[#entries + 1], left = entry, left - #entry
      end
    end
    i = i + 2
  end
  if #fresh > 0 then call('HSET', KEYS.body, unpack(fresh)) end
  putBack(got, i, rest)
  return jobs, #entries == n and entries
end
