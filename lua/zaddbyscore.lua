-- Claim: what has come due moves up, then the first in line are pushed back by their lease and handed out.
-- Asked again with the same first token number, it hands out the same jobs, as far as this worker still holds them.
-- Invariant: every id is in ready or in due, never in both; all in one step, in time of what is moved and returned.
-- KEYS[1] ready: ids in line, by rank
-- KEYS[2] due: ids that are delayed, leased or wait for a retry, by the time they come due (ms)
-- KEYS[3] body: id -> entry
-- KEYS[4] token: id -> "<token> <rank> <startedMs>" while a delivery is held
-- KEYS[5] place: id -> rank of those in due that nobody holds
-- KEYS[6] past: id -> "<attempt> <deliveries> <lost> <last token>" and a line for each earlier delivery
-- KEYS[7] retry: ids that wait for a retry
-- KEYS[8] interrupt: ids that were given back
-- KEYS[9] keys: unique key -> id, and behind a space the time until which it is taken at least (ms), if any
-- KEYS[10] keyOf: id -> "s" or "f" (freed at start or finish) and its key
-- KEYS[11] paused: there while the queue is paused
-- KEYS[12] idle: there while claimers wait for a wake-up
-- KEYS[13] lapsed: ids in line whose last delivery was held when its lease ended
-- KEYS[14] session: first token number and ids of this worker's last claim
-- KEYS[15] packs: names of packs, "<id of the first job>+<how many>", in their own order
-- KEYS[16] packed: how many jobs are in packs
-- ARGV: most jobs, lease (ms), worker, first token number, bytes after which no more are taken; where tasks are
-- filtered, else "": patterns of the paths that are wanted and of those that are not, a line each, and the place to
-- look from; 1 to leave keys taken that are free from the start on
-- Returns {now, ms until the next comes due or -1, ids, bodies, {position, "attempt deliveries lost", ...}}; ids come as
-- one text, a line each, where all have 24 bytes and nothing is repeated; where tasks are
-- filtered, the place in line to look from next, or -1 at the end of the line
local call, match, sub = redis.call, string.match, string.sub
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local max, lease, worker, first, room = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local ids, bodies, pasts, taken, odd = {}, {}, {}, 0, false

-- The entries of those that came out of packs are known, and they have no past.
local function answer(some, count, known)
  local texts = known or call('HMGET', KEYS[3], unpack(some))
  local past = not known and call('EXISTS', KEYS[6]) == 1 and call('HMGET', KEYS[6], unpack(some))
  for i = 1, count do
    local text = texts[i]
    taken = taken + 1
    ids[taken], bodies[taken] = some[i], text
    room = room - (text and #text or 0)
    if past and past[i] then
      pasts[#pasts + 1], pasts[#pasts + 2] = taken, match(past[i], '^%d+ %d+ %d+') or '0 0 0'
    end
  end
  return past
end

local last = call('GET', KEYS[14])
local number = last and tonumber(match(last, '^%d+')) or 0
-- A call that was overtaken by a later one of its worker: nobody waits for its answer.
if number > tonumber(first) then return {now, -1, ids, bodies, pasts} end
if number == tonumber(first) and max > 0 then
  local some = {}
  for i = #first + 2, #last, 25 do some[#some + 1] = sub(last, i, i + 23) end
  for i, held in ipairs(call('HMGET', KEYS[4], unpack(some))) do
    if not held or match(held, '^%S+') ~= worker .. '.' .. (first + i - 1) then some[i] = '' end
  end
  answer(some, #some)
  return {now, 0, ids, bodies, pasts}
end

local back = call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 1000)
if #back > 0 then
  local held, place, up = call('HMGET', KEYS[4], unpack(back)), call('HMGET', KEYS[5], unpack(back)), {}
  call('ZREM', KEYS[2], unpack(back))
  call('HDEL', KEYS[5], unpack(back))
  for i, id in ipairs(back) do
    local rank = tonumber(held[i] and match(held[i], '^%S+ (%S+)') or place[i])
    up[2 * i - 1], up[2 * i] = rank == rank and rank or 0, id
    if held[i] then call('SADD', KEYS[13], id) end
  end
  call('ZADD', KEYS[1], unpack(up))
end
if max == 0 or call('EXISTS', KEYS[11]) == 1 then return {now, -1, ids, bodies, pasts} end

-- A token that is still there: its lease lapsed, and nobody took the job since. A mover's (started 0) is no loss.
local function countLoss(id)
  local held = call('SREM', KEYS[13], id) == 1 and call('HGET', KEYS[4], id)
  if not held then return end
  local token, started = match(held, '^(%S+) %S+ (%d+)')
  if started == '0' then return end
  local past = call('HGET', KEYS[6], id) or ''
  local attempt, deliveries, lost, runs = match(past, '^(%d+) (%d+) (%d+) [^\n]*(.*)$')
  local _, count = string.gsub(runs or '', '\n', '')
  if count >= 20 then runs = string.gsub(runs, '^\n[^\n]*', '') end
  local run = table.concat({(attempt or 0) + 1, 'interrupt', started or now, now, token or '-'}, ' ')
  call('HSET', KEYS[6], id, table.concat({attempt or 0, (deliveries or 0) + 1, (lost or 0) + 1, '-'}, ' ') .. (runs or '') .. '\n' .. run .. ' ')
end

-- Where tasks are filtered: the first in line that pass, of the next 2000; the others stay where they are.
local offset, looked = tonumber(ARGV[8]), 0
local function passes(text)
  local path, wanted = match(text or '', '\n[^\n]-"path":"([^"]*)"') or '', ARGV[6] == ''
  for pattern in string.gmatch(ARGV[6], '[^\n]+') do wanted = wanted or match(path, pattern) ~= nil end
  for pattern in string.gmatch(ARGV[7], '[^\n]+') do wanted = wanted and not match(path, pattern) end
  return wanted
end
local function pick(count)
  local got, chosen = {}, {}
  while #chosen < count and offset >= 0 and looked < 2000 do
    local some, ids = call('ZRANGE', KEYS[1], offset, offset + 99, 'WITHSCORES'), {}
    for i = 1, #some, 2 do ids[#ids + 1] = some[i] end
    for i, text in ipairs(#ids > 0 and call('HMGET', KEYS[3], unpack(ids)) or {}) do
      if #chosen == count then break end
      looked = looked + 1
      if passes(text) then
        chosen[#chosen + 1], got[#got + 1], got[#got + 2] = ids[i], ids[i], some[2 * i]
      else
        offset = offset + 1
      end
    end
    if #chosen > 0 then call('ZREM', KEYS[1], unpack(chosen)) end
    if #ids < 100 and #chosen < count then offset = -1 end
    if #chosen > 0 then break end
  end
  return got
end

-- Made where a pack is met, since making them takes time.
local function packTools()
-- include packs
-- include pack_entries
-- include open_pack
-- include claim_packs
  return expand, openPack
end

local function hasPacks(got)
  for i = 1, #got, 2 do
    if #got[i] ~= 24 then return true end
  end
end

-- What waiting left behind of those that stood for themselves: losses are counted, keys freed.
local function beginAgain(some)
  if call('EXISTS', KEYS[13]) == 1 then
    for _, id in ipairs(some) do countLoss(id) end
  end
  if ARGV[9] or call('EXISTS', KEYS[10]) == 0 then return end
  for i, key in ipairs(call('HMGET', KEYS[10], unpack(some))) do
    if key and sub(key, 1, 1) == 's' then
      if call('HGET', KEYS[9], sub(key, 2)) == some[i] then call('HDEL', KEYS[9], sub(key, 2)) end
      call('HDEL', KEYS[10], some[i])
    end
  end
end

local digits = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9'}
local due, prefix, since = string.format('%.0f', now + lease), worker .. '.', ' ' .. now
local function take(count)
  local got, known = offset and pick(count) or call('ZPOPMIN', KEYS[1], count), nil
  local places = #got / 2
  if places == 0 then return 0 end
  if hasPacks(got) then got, known = packTools()(got) end
  local some, leases, tokens, length, next = {}, {}, {}, #got, first + taken
  -- Writing a number costs more than all else here: once for ten tokens, and jobs of a pack have one rank.
  local number, tens, rank, behind = next, nil, nil, nil
  for i = 1, length, 2 do
    local id, digit = got[i], number % 10
    if digit == 0 or not tens then tens = prefix .. (number < 10 and '' or (number - digit) / 10) end
    if got[i + 1] ~= rank then
      rank = got[i + 1]
      behind = ' ' .. rank .. since
    end
    odd = odd or #id ~= 24
    some[(i + 1) / 2], leases[i], leases[i + 1] = id, due, id
    tokens[i], tokens[i + 1], number = id, tens .. digits[digit + 1] .. behind, number + 1
  end
  -- A hash of many short values is a list that is searched from its start; one long value makes it a table.
  if length > 64 then tokens[2] = tokens[2] .. string.rep(' ', 65) end
  if not known then beginAgain(some) end
  call('ZADD', KEYS[2], unpack(leases))
  call('HSET', KEYS[4], unpack(tokens))
  if answer(some, length / 2, known) then
    call('SREM', KEYS[7], unpack(some))
    call('SREM', KEYS[8], unpack(some))
  end
  return places
end

-- A pack of which only a few jobs are wanted would be cut again and again: it is opened for good.
local packs = call('EXISTS', KEYS[15]) == 1
if packs and max < 8 and not offset then
  for _, name in ipairs(call('ZRANGE', KEYS[1], 0, max - 1)) do
    if #name ~= 24 then
      local _, openPack = packTools()
      openPack(name)
      break
    end
  end
end

-- A small first helping tells how large the bodies are, and for how many jobs a place in line stands.
local size, budget, places = packs and max >= 8 and 2 or 32, room, 0
while taken < max and room > 0 do
  local count = take(math.min(size, max - taken))
  if count == 0 then break end
  places = places + count
  size = math.min(room / math.max(1, budget - room), (max - taken) / taken) * places
  size = math.max(1, math.min(1000, math.floor(size)))
end
local wait = room > 0 and -1 or 0
if taken < max and room > 0 then
  -- A server whose memory is full refuses scripts that begin by adding; without a filter, jobs were popped before.
  if offset then call('DEL', KEYS[12]) end
  call('SET', KEYS[12], 1, 'EX', 3600)
  local next = call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  if next[2] then wait = math.max(0, next[2] - now) end
end
if taken > 0 and not odd then
  ids = table.concat(ids, '\n')
  call('SET', KEYS[14], first .. '\n' .. ids, 'PX', lease)
end
return {now, wait, ids, bodies, pasts, offset}
