-- Sweep keys: goes through some unique keys and frees those whose job is gone.
-- Invariant: a key whose job is there is left alone; asking twice changes nothing.
-- KEYS[1] body: id -> entry
-- KEYS[2] keys: unique key -> id
-- KEYS[3] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- ARGV: cursor, how many to look at, "1" to free them or "" to count only
-- Returns {next cursor, dead ones}
local call = redis.call
local page = call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local dead = 0
for i = 1, #page[2], 2 do
  local name, id = page[2][i], page[2][i + 1]
  if call('HEXISTS', KEYS[1], id) == 0 then
    dead = dead + 1
    if ARGV[3] == '1' then
      call('HDEL', KEYS[2], name)
      call('HDEL', KEYS[3], id)
    end
  end
end
return {page[1], dead}
