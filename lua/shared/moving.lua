-- Whether the mover that has brought a waiting job has it still, and is not the one that asks. Whoever has a death of the job does not have its next life.
local function isMoving(id, asker)
  local mover, till = string.match(redis.call('HGET', KEYS.leaving, id) or '', '^(%S+) 0 (%d+)$')
  return mover ~= nil and mover ~= asker and tonumber(till) > now
end
