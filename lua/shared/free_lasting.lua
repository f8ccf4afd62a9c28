-- Frees the unique key of a job that leaves the queue for another, or is deleted, though its time is not over.
local function freeLasting(keys, id, body)
  local head = string.match(body or '', '^[^\n]*\n([^\n]*)')
  if not head or not string.find(head, '"for":', 1, true) then return end
  local known, said = pcall(cjson.decode, head)
  local name = known and type(said.key) == 'table' and said.key.value
  local held = type(name) == 'string' and redis.call('HGET', keys, name)
  if held and string.sub(held, 1, 25) == id .. ' ' then redis.call('HDEL', keys, name) end
end
