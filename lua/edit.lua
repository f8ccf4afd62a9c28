-- Edit: changes params, priority, tags or due time of a job that waits.
-- Invariant: a claim hands out the job before or after the change; a job that was claimed before keeps its order.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] order: the last order that was given
-- KEYS[8] idle: there while claimers wait for a wake-up
-- KEYS[9] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[10] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[11] packed: how many jobs are in packs
-- KEYS[12] leaving: id -> "<mover> <generation> <ms until which it has the job>"
-- ARGV: wake-up channel, queue, id, due ("" as it is, "+ms" after, "@ms" at), priority or "", params or "", "fifo", "lifo", "sorted" or "timed", tags as JSON or ""
-- Returns "done", "started", "final" or "missing"
local call, match = redis.call, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- include packs
-- include pack_entries
-- include open_pack
-- include moving

local id, when = ARGV[3], ARGV[4]
local body = entryOf(id)
if call('HEXISTS', KEYS[4], id) == 1 or body and isMoving(id) then return 'started' end
if not body then return call('HEXISTS', KEYS[9], id) == 1 and 'final' or 'missing' end
local times, old, head, params = match(body, '^(%d+ %d+) (%-?%d+)[^\n]-(\n[^\n]*\n)(.*)$')
if not times then return 'missing' end

local priority = ARGV[5] ~= '' and ARGV[5] or old
local inLine, due = call('ZSCORE', KEYS[1], id), call('ZSCORE', KEYS[2], id)
local rank = tonumber(inLine or call('HGET', KEYS[6], id)) or 0
rank = rank + (old - priority) * 8e14

local function newOrder(at)
  if at > now then return math.min((at - 1735689600000) * 1000, 8e14 - 1) end
  local order = math.max((time[1] - 1735689600) * 1000000 + time[2], tonumber(call('GET', KEYS[7]) or 0) + 1)
  call('SET', KEYS[7], string.format('%.0f', order), 'EX', 86400)
  return order
end

local function newRank(at)
  if ARGV[7] == 'sorted' then return rank end
  if ARGV[7] == 'timed' then return (at - 1735689600000) * 1000 end
  local order = newOrder(at)
  return (ARGV[7] == 'lifo' and 8e14 - 1 - order or order) - priority * 8e14
end

-- include stand

-- The head with other tags. Those that it has end where another name or the head's end follows: no tag has a bare quote.
-- Meta may have anything for a name, and stands behind them.
local function retagged(tags)
  local version, rest = match(head, '^(\n{"v":%d+)(.*)$')
  if not version then return head end
  local at, meta = string.find(rest, ',"tags":[', 1, true), string.find(rest, ',"meta":{', 1, true)
  if at and (not meta or at < meta) then
    local more = string.sub(rest, at + 8)
    rest = string.sub(rest, 1, at - 1) .. (match(more, '^.-["%[]%](,"%a+":.*)$') or '}\n')
  end
  return version .. ',"tags":' .. tags .. rest
end

local at = tonumber(due or now)
if when ~= '' then
  local ms = tonumber(string.sub(when, 2))
  at = string.sub(when, 1, 1) == '+' and now + ms or ms
  if ARGV[7] ~= 'timed' then at = math.max(now, at) end
  if call('HEXISTS', KEYS[5], id) == 0 then rank = newRank(at) end
end
if ARGV[8] ~= '' then head = retagged(ARGV[8]) end
call('HSET', KEYS[3], id, times .. ' ' .. priority .. head .. (ARGV[6] ~= '' and ARGV[6] or params))
stand(id, at, rank)
if call('DEL', KEYS[8]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
return 'done'
