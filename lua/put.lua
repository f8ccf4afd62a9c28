-- Put: adds jobs that ask for more than the end of the line: an order of the queue's own, or a key whose waiting job changes.
-- Invariant: as of enqueue; of a started job nothing changes but, in a timed queue, what its entry becomes after the run.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[8] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[9] order: the last order that was given
-- KEYS[10] idle: there while claimers wait for a wake-up
-- KEYS[11] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[12] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[13] once: ids of jobs that are added only once, by the time they were (ms): for an hour
-- ARGV: wake-up channel, queue, "fifo", "lifo", "sorted" or "timed"; then for each job: id, head and params, due ("+ms" after,
-- "@ms" at), priority, generation, key as in keyOf or "", "keep", "once" (as keep), "replace" or "extend", score or "", ms for which the key is taken at least or ""
-- Returns {position, id of the living job that has the key, "kept", "replaced" or "extended", ...} of those not created
local call, sub, match = redis.call, string.sub, string.match
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local order = math.max((time[1] - 1735689600) * 1000000 + time[2] - 1, tonumber(call('GET', KEYS[9]) or 0))
local manner, met, changed = ARGV[3], {}, false

-- include packs

-- Times before now mean now, except where times are the order.
local function timeOf(when)
  local ms = tonumber(sub(when, 2)) or 0
  local at = sub(when, 1, 1) == '+' and now + ms or ms
  return manner == 'timed' and at or math.max(at, now)
end

-- Microseconds since 2025, as of enqueue; the last in comes first where the order is turned round.
local function rankOf(at, priority, score)
  if manner == 'sorted' then return tonumber(score) or 0 end
  if manner == 'timed' then return (at - 1735689600000) * 1000 end
  local place = math.min((at - 1735689600000) * 1000, 8e14 - 1)
  if at <= now then
    order = order + 1
    place = order
  end
  return (manner == 'lifo' and 8e14 - 1 - place or place) - priority * 8e14
end

-- include stand

local function isHere(id)
  return call('HEXISTS', KEYS[3], id) == 1 or call('HEXISTS', KEYS[11], id) == 1 or packOf(id) ~= nil
end

-- The job may be over, and nothing else be known of it.
local function wasHere(id)
  call('ZREMRANGEBYSCORE', KEYS[13], '-inf', now - 3600000)
  return call('ZSCORE', KEYS[13], id)
end

local function noteOnce(id)
  call('ZADD', KEYS[13], now, id)
  call('PEXPIRE', KEYS[13], 3600000)
end

-- Who has the job's key, and until when at least: from the time the job was queued.
local function taker(id, job, queued)
  return job.lasts == '' and id or id .. ' ' .. string.format('%.0f', queued + job.lasts)
end

local function create(job)
  call('HSET', KEYS[3], job.id, now .. ' ' .. job.generation .. ' ' .. job.priority .. '\n' .. job.text)
  if job.key ~= '' then
    call('HSET', KEYS[7], sub(job.key, 2), taker(job.id, job, now))
    call('HSET', KEYS[8], job.id, job.key)
  end
  local at = timeOf(job.due)
  stand(job.id, at, rankOf(at, job.priority, job.score))
  changed = true
end

-- A job in line keeps its place when it is to be due at once, and one that was claimed before keeps it anyhow.
local function keepsPlace(id, at)
  if manner == 'timed' then return false end
  if call('HEXISTS', KEYS[5], id) == 1 then return true end
  local due = call('ZSCORE', KEYS[2], id)
  return at <= now and (not due or tonumber(due) <= now)
end

-- Where the parent stands in an entry's head: before the meta, which may have anything for a name.
local function parentOf(text)
  local head = match(text, '^[^\n]*')
  local meta = string.find(head, ',"meta":{', 1, true)
  return match(meta and sub(head, 1, meta) or head, ',"parent":"(%x+)"')
end

-- The new text of a job that was there: its parent stays, or a descendant of it could become its parent.
local function replaced(old, new)
  local was, is = parentOf(old), parentOf(new)
  if was == is then return new end
  if is then new = string.gsub(new, ',"parent":"' .. is .. '"', '', 1) end
  return was and string.gsub(new, '^{"v":%d+', '%0,"parent":"' .. was .. '"', 1) or new
end

local function change(id, body, job)
  local times, old, text = match(body, '^(%d+ %d+) (%-?%d+)[^\n]*\n(.*)$')
  local at, rank = timeOf(job.due), tonumber(call('ZSCORE', KEYS[1], id) or call('HGET', KEYS[6], id)) or 0
  local priority, score = tonumber(old) or 0, rank
  if job.how == 'replace' then
    priority, text, score = job.priority, replaced(text, job.text), job.score
    call('HSET', KEYS[7], sub(job.key, 2), taker(id, job, match(times or '', '^%d+') or now))
    call('HSET', KEYS[8], id, job.key)
  end
  if manner == 'sorted' or not keepsPlace(id, at) then
    rank = rankOf(at, priority, score)
  else
    rank = rank + (old - priority) * 8e14
  end
  call('HSET', KEYS[3], id, (times or now .. ' 1') .. ' ' .. priority .. '\n' .. text)
  stand(id, at, rank)
  changed = true
  return job.how == 'replace' and 'replaced' or 'extended'
end

-- The entry will stay after this run, due at the time that stands behind its priority.
local function stay(id, body, job)
  local first, text = match(body, '^(%d+ %d+ %-?%d+)[^\n]*\n(.*)$')
  if job.how == 'replace' then text = replaced(text, job.text) end
  call('HSET', KEYS[3], id, first .. ' ' .. string.format('%.0f', timeOf(job.due)) .. '\n' .. text)
  return 'extended'
end

-- The living job that has the key; a key whose job is gone is free, unless it is taken for a time.
local function meet(job)
  local held = job.key ~= '' and call('HGET', KEYS[7], sub(job.key, 2))
  if not held then return end
  local id, till = sub(held, 1, 24), tonumber(sub(held, 26))
  local body = call('HGET', KEYS[3], id)
  if till and not (body and call('HEXISTS', KEYS[8], id) == 1) then
    if till > now and id ~= job.id then return id, 'kept' end
    return
  end
  if not body then return end
  if job.how == 'keep' or not match(body, '^%d+ %d+ %-?%d+[^\n]*\n') then return id, 'kept' end
  if call('HEXISTS', KEYS[4], id) == 0 then return id, change(id, body, job) end
  return id, manner == 'timed' and stay(id, body, job) or 'kept'
end

for i = 4, #ARGV, 9 do
  local job = {id = ARGV[i], text = ARGV[i + 1], due = ARGV[i + 2], priority = tonumber(ARGV[i + 3])}
  job.generation, job.key, job.how, job.score = ARGV[i + 4], ARGV[i + 5], ARGV[i + 6], ARGV[i + 7]
  job.lasts = ARGV[i + 8]
  local once = job.how == 'once'
  if once then job.how = 'keep' end
  local known = once and wasHere(job.id)
  if known then noteOnce(job.id) end
  if not isHere(job.id) and not known then
    local id, what = meet(job)
    if id then
      met[#met + 1], met[#met + 2], met[#met + 3] = (i + 5) / 9, id, what
    else
      create(job)
      if once then noteOnce(job.id) end
    end
  end
end
if changed then
  call('SET', KEYS[9], string.format('%.0f', order), 'EX', 86400)
  if call('DEL', KEYS[10]) == 1 then call('PUBLISH', ARGV[1], ARGV[2]) end
end
return met
