-- Whether the mover that has brought a waiting job has it still, and is not the one that asks.
local function isMoving(id, asker)
  local mover, till = string.match(redis.call('HGET', KEYS.leaving, id) or '', '^(%S+) %d+ (%d+)$')
  return mover ~= nil and mover ~= asker and tonumber(till) > now
end
