-- Extend: pushes the due time of held deliveries. One that lapsed and was not taken since leaves the line again.
-- Invariant: fenced by the token, which does not change.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] lapsed: ids in line whose last delivery was held when its lease ended
-- ARGV: lease (ms); then for each delivery: id, token
-- Returns the positions of those that are lost
local call = redis.call
local time = call('TIME')
local due = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]
local ids, mine, leases, lost = {}, {}, {}, {}
for i = 2, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
for i, held in ipairs(call('HMGET', KEYS[3], unpack(ids))) do
  if held and string.match(held, '^%S+') == ARGV[2 * i + 1] then
    mine[#mine + 1] = ids[i]
    leases[#leases + 1], leases[#leases + 2] = due, ids[i]
  else
    lost[#lost + 1] = i
  end
end
if #mine > 0 then
  -- Removing comes first: a server whose memory is full refuses scripts that begin by adding.
  if call('ZREM', KEYS[1], unpack(mine)) > 0 then call('SREM', KEYS[4], unpack(mine)) end
  call('ZADD', KEYS[2], unpack(leases))
end
return lost
