-- Puts a job that nobody holds in line, or where it waits for its time.
local function stand(id, at, rank)
  if at > now then
    redis.call('ZREM', KEYS.ready, id)
    redis.call('ZADD', KEYS.due, at, id)
    redis.call('HSET', KEYS.place, id, rank)
  else
    redis.call('ZREM', KEYS.due, id)
    redis.call('HDEL', KEYS.place, id)
    redis.call('ZADD', KEYS.ready, rank, id)
  end
end
