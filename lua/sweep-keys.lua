-- Sweep keys: goes through some unique keys and frees those whose job is gone.
-- Invariant: a key whose job is there, or whose time is not over, is left alone; asking twice changes nothing.
-- KEYS[1] body: id -> entry
-- KEYS[2] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[3] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- ARGV: cursor, how many to look at, "1" to free them or "" to count only (those whose time is over are no mistake)
-- Returns {next cursor, dead ones}
local call = redis.call
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local page = call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ARGV[2])
local dead = 0
for i = 1, #page[2], 2 do
  local name, id, till = page[2][i], string.sub(page[2][i + 1], 1, 24), tonumber(string.sub(page[2][i + 1], 26))
  if not (till and till > now) and call('HEXISTS', till and KEYS[3] or KEYS[1], id) == 0 then
    if ARGV[3] == '1' or not till then dead = dead + 1 end
    if ARGV[3] == '1' then
      call('HDEL', KEYS[2], name)
      call('HDEL', KEYS[3], id)
    end
  end
end
return {page[1], dead}
