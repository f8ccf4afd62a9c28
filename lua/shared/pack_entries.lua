-- The entries of a pack, at most so many and none after so many bytes, and the text of the pack that the others make;
-- nothing when it cannot be a pack.
local function packEntries(name, text, most, bytes)
  local count, sub = packSize(name), string.sub
  local shared, lengths, from = string.match(text or '', '^(%d+ %d+ %-?%d+\n[^\n]*\n)([%d,]*)\n()')
  if not shared or sub(name, 25, 25) ~= '+' or count < 1 or count > 1000 then return end
  local entries, n, last, left, place = {}, 0, most or count, bytes or math.huge, 1
  for length in string.gmatch(lengths, '%d+') do
    n = n + 1
    local stop = from + length
    entries[n] = shared .. sub(text, from, stop - 1)
    from, left, place = stop, left - #shared - length, place + #length + 1
    if n == count then break end
    if n >= last or left <= 0 then return entries, shared .. sub(lengths, place) .. '\n' .. sub(text, from) end
  end
  if n == count and from == #text + 1 then return entries end
end
