-- Look: everything that is known of some jobs, at one moment.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] retry: ids that wait for a retry
-- KEYS[7] interrupt: ids that were given back
-- KEYS[8] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[9] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- ARGV: ids
-- Returns {now, for each id {status or "failed" or "", entry or kept text, past, token, due time (ms) or "" when in line}}
local call = redis.call
local time = call('TIME')
local jobs = {time[1] * 1000 + math.floor(time[2] / 1000)}

-- include packs
-- include pack_entries

local known = {}
-- The entry of a job in a pack, which stays closed; many jobs of one pack are looked at together.
local function packedEntry(id)
  local name, place = packOf(id)
  if not name then return end
  known[name] = known[name] or packEntries(name, call('HGET', KEYS[3], name)) or {}
  return known[name][place]
end

local function status(id, held)
  if held then return 'started' end
  if call('SISMEMBER', KEYS[6], id) == 1 then return 'retry' end
  return call('SISMEMBER', KEYS[7], id) == 1 and 'interrupt' or 'queued'
end

local function look(id)
  local body, held = call('HGET', KEYS[3], id) or packedEntry(id), call('HGET', KEYS[4], id)
  if not body then return {'failed', call('HGET', KEYS[8], id) or '', '', '', ''} end
  local due = call('ZSCORE', KEYS[2], id)
  return {status(id, held), body, call('HGET', KEYS[5], id) or '', held or '', due or ''}
end

for i, id in ipairs(ARGV) do jobs[i + 1] = look(id) end
return jobs
