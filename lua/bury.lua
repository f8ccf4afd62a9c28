-- Bury: dead jobs that are put into line elsewhere: a mover holds them, and deletes them once they are there, or lets go.
-- Invariant: one mover at a time has a job. Only the death that it saw is deleted, once; asked again, it is gone.
-- KEYS[1] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[2] body: id -> entry
-- KEYS[3] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[4] counts: status -> jobs that ended so
-- KEYS[5] failed: ids of kept jobs, by the time they are to be dropped (ms)
-- KEYS[6] failedBody: id -> "<status> <startedMs> <finishedMs> <deleteMs> <error>", past, an empty line, and the entry
-- KEYS[7] leaving: id -> "<mover> <generation> <ms until which it has the job>", 0 once the job has left; here by the token
-- ARGV: "depart", "leave" or "stay", token of the mover, ms for which it has the jobs, ms that its token is remembered; then ids
-- Returns for each id "done", and after it what is kept of a job that departs, or why not: "started", "waiting", "final" or "missing"
local call, match = redis.call, string.match
local step, token = ARGV[1], ARGV[2]
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- include packs

local function standing(id, kept)
  if call('HEXISTS', KEYS[1], id) == 1 then return 'started' end
  if call('HEXISTS', KEYS[2], id) == 1 or packOf(id) then return 'waiting' end
  return kept and 'final' or 'missing'
end

local function generationOf(kept) return match(kept, '\n\n%d+ (%d+)') or '1' end

local function note(id, generation, till)
  call('HSET', KEYS[7], id, table.concat({token, generation, string.format('%.0f', till)}, ' '))
  call('PEXPIRE', KEYS[7], ARGV[4])
end

local function drop(id, kept)
  call('HDEL', KEYS[6], id)
  call('ZREM', KEYS[5], id)
  call('HINCRBY', KEYS[4], match(kept, '^%S+'), -1)
end

local function depart(id)
  local kept = call('HGET', KEYS[6], id)
  local state = standing(id, kept)
  if state ~= 'final' then return state end
  local mover, generation, till = match(call('HGET', KEYS[7], id) or '', '^(%S+) (%d+) (%d+)$')
  if mover and mover ~= token and generation == generationOf(kept) and tonumber(till) > now then return 'started' end
  note(id, generationOf(kept), now + ARGV[3])
  return 'done', kept
end

local function leave(id)
  local kept = call('HGET', KEYS[6], id)
  local mover, generation, till = match(call('HGET', KEYS[7], id) or '', '^(%S+) (%d+) (%d+)$')
  if mover == token and till == '0' then return 'done' end
  local state = standing(id, kept)
  if state ~= 'final' or mover ~= token or generation ~= generationOf(kept) then return state end
  drop(id, kept)
  note(id, generation, 0)
  return 'done'
end

local function stay(id)
  if match(call('HGET', KEYS[7], id) or '', '^%S+') == token then call('HDEL', KEYS[7], id) end
  return 'done'
end

local take = step == 'depart' and depart or step == 'leave' and leave or stay
local answers = {}
for i = 5, #ARGV do
  local state, kept = take(ARGV[i])
  answers[#answers + 1] = state
  if step == 'depart' then answers[#answers + 1] = kept or '' end
end
return answers
