-- Packs: jobs of one call that stand in line as one, named "<id of the first>+<how many>". Their ids follow each other.
-- The text of a pack: first line and head of an entry, the bytes of each one's params (a comma after each), the params.
-- A job leaves its pack for good before anything else is written about it.
local function packSize(name)
  return tonumber(string.sub(name, 26)) or 0
end

local function packedId(name, n)
  return string.sub(name, 1, 18) .. string.format('%06x', (tonumber(string.sub(name, 19, 24), 16) or 0) + n - 1)
end

-- The ids of the first jobs of a pack. Writing a number costs more than adding a digit.
local function packedIds(name, count)
  local ids, high, sub = {}, '', string.sub
  local number = tonumber(sub(name, 19, 24), 16) or 0
  for n = 1, count do
    local digit = number % 16
    if n == 1 or digit == 0 then high = sub(name, 1, 18) .. string.format('%05x', (number - digit) / 16) end
    ids[n] = high .. sub('0123456789abcdef', digit + 1, digit + 1)
    number = number + 1
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
