-- Set aside: takes a claimed entry that cannot be a job out of the queue, and keeps what it was for an operator.
-- Invariant: fenced by the token.
-- KEYS[1] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[2] body: id -> entry
-- KEYS[3] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[4] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[5] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[6] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[7] malformed: what was set aside, newest first
-- KEYS[8] counts: status -> jobs that ended so
-- KEYS[9] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[10] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- ARGV: id, token, reason, most entries to keep, whether to count, most failed jobs to keep (0: none), and of the failed job: id, ms to keep it, error, entry
-- Returns 1, or 0 when another delivery holds the entry
local call, match = redis.call, string.match
local id, held = ARGV[1], call('HGET', KEYS[3], ARGV[1])

-- An id that is no UTF-8 text came back to us changed: the token finds it.
local function find()
  local cursor = '0'
  repeat
    local page = call('HSCAN', KEYS[3], cursor, 'COUNT', 1000)
    for i = 1, #page[2], 2 do
      if match(page[2][i + 1], '^%S+') == ARGV[2] then return page[2][i], page[2][i + 1] end
    end
    cursor = page[1]
  until cursor == '0'
end

if not held then
  id, held = find()
end
if not held or match(held, '^%S+') ~= ARGV[2] then return 0 end
local raw = string.sub(call('HGET', KEYS[2], id) or '', 1, 100000)
call('ZREM', KEYS[1], id)
call('HDEL', KEYS[2], id)
call('HDEL', KEYS[3], id)
call('HDEL', KEYS[4], id)
local key = call('HGET', KEYS[6], id)
if key then
  call('HDEL', KEYS[6], id)
  if call('HGET', KEYS[5], string.sub(key, 2)) == id then call('HDEL', KEYS[5], string.sub(key, 2)) end
end
call('LPUSH', KEYS[7], string.gsub(id, '\n', ' ') .. '\n' .. ARGV[3] .. '\n' .. raw)
call('LTRIM', KEYS[7], 0, ARGV[4] - 1)
if ARGV[5] == '1' or ARGV[6] ~= '0' then call('HINCRBY', KEYS[8], 'failed', 1) end
if ARGV[6] ~= '0' then
  local time = call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  call('ZADD', KEYS[9], now + ARGV[8], ARGV[7])
  call('HSET', KEYS[10], ARGV[7], table.concat({'failed', 0, now, now + ARGV[8], ARGV[9]}, ' ') .. '\n0 1 0 -\n\n' .. ARGV[10])
end
return 1
