-- Remove: deletes jobs that wait, or that are kept as failed.
-- Invariant: a started job is left alone; a removed one leaves every structure and frees its key.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[6] place: id -> rank of those in due that nobody holds
-- KEYS[7] retry: ids that wait for a retry
-- KEYS[8] interrupt: ids that were given back
-- KEYS[9] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[10] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[11] counts: status -> jobs that ended so
-- KEYS[12] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[13] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[14] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[15] packed: how many jobs are in packs
-- ARGV: "any", "waiting" to leave kept jobs alone, or "kept" to leave all others alone; then ids, or names of packs
-- Returns for each id "done", "started" or "missing"
local call = redis.call

-- include packs
-- include pack_entries
-- include open_pack
-- include free_lasting

local function freeKey(id)
  local key = call('HGET', KEYS[10], id)
  if not key then return end
  local name = string.sub(key, 2)
  if call('HGET', KEYS[9], name) == id then call('HDEL', KEYS[9], name) end
  call('HDEL', KEYS[10], id)
end

local function removeWaiting(id, body)
  freeLasting(KEYS[9], id, body)
  call('ZREM', KEYS[1], id)
  call('ZREM', KEYS[2], id)
  call('HDEL', KEYS[3], id)
  call('HDEL', KEYS[5], id)
  call('HDEL', KEYS[6], id)
  call('SREM', KEYS[7], id)
  call('SREM', KEYS[8], id)
  freeKey(id)
end

local function removeKept(id)
  local kept = ARGV[1] ~= 'waiting' and call('HGET', KEYS[13], id)
  if not kept then return false end
  call('HDEL', KEYS[13], id)
  call('ZREM', KEYS[12], id)
  call('HINCRBY', KEYS[11], string.match(kept, '^%S+'), -1)
  return true
end

local function removePack(name)
  if call('HDEL', KEYS[3], name) + call('ZREM', KEYS[1], name) == 0 then return 'missing' end
  uncountPack(name)
  return 'done'
end

local function remove(id)
  if ARGV[1] == 'kept' then return removeKept(id) and 'done' or 'missing' end
  if call('ZSCORE', KEYS[14], id) then return removePack(id) end
  if call('HEXISTS', KEYS[4], id) == 1 then return 'started' end
  local body = entryOf(id)
  if body or call('ZSCORE', KEYS[1], id) or call('ZSCORE', KEYS[2], id) then
    removeWaiting(id, body)
    removeKept(id)
    return 'done'
  end
  return removeKept(id) and 'done' or 'missing'
end

local answers = {}
for i = 2, #ARGV do answers[#answers + 1] = remove(ARGV[i]) end
return answers
