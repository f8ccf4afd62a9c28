-- Begin: deliveries whose unique keys were kept run now: keys until the start are free.
-- Invariant: fenced by the token; asking twice changes nothing.
-- KEYS[1] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[2] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[3] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- ARGV: id and token of each delivery
-- Returns nothing
local call, sub = redis.call, string.sub
for i = 1, #ARGV, 2 do
  local id, held, key = ARGV[i], call('HGET', KEYS[1], ARGV[i]), call('HGET', KEYS[3], ARGV[i])
  if held and string.match(held, '^%S+') == ARGV[i + 1] and key and sub(key, 1, 1) == 's' then
    if call('HGET', KEYS[2], sub(key, 2)) == id then call('HDEL', KEYS[2], sub(key, 2)) end
    call('HDEL', KEYS[3], id)
  end
end
