-- with text.lua
-- Counts and marks, read together. When the caller does not know the configuration that stands there, its text is
-- answered instead of counts: it says which keys to ask for. When the caller's clock is wrong, the time is. When the
-- name that was asked by leads to another stream than the caller thinks, that stream's name is.
--
-- Which buckets there are stands in the index, so buckets without events cost nothing; their keys are made here, of the
-- stream's own hash tag.
--
-- KEYS  main hash, accounts, rejected, health, buckets, aliases; on a Redis Cluster, where the aliases may lie on another
--       node, a key that never holds anything instead: while the stream's keys are being moved, some of those that are not
--       declared are elsewhere, and the script is refused for the sake of this one
-- ARGV  id of the configuration that the caller knows or '', the time that it reckons with in ms or '', the name that was
--       asked by, the name of the stream that it is thought to lead to, then any of
--       total    dimension, kind (h or z)
--       span     dimension, kind, size, from and to in Unix seconds, n, then n categories; without any all are read
--       ranking  dimension, size or total, from, to, how many, n, then n categories that are wanted in any case
-- Answers {'leads', stream} | {} without a stream | {'left-over'} with counts but no main hash
--       | {'time', seconds, microseconds}
--       | {'configuration', id, text} | {'cut', seconds, microseconds, main, accounts, rejected, health, answer, ...}
--       total    {category, count, ...}
--       span     {bucket, {category, count, ...}, ...}
--       ranking  {what an unlisted category has at most, {reserved value, count, ...}, {category, count, ...}, {count of
--                each wanted category}}

local ARGV = ARGV
local call = redis.call
local stream = call('HGET', KEYS[6], ARGV[3]) or ARGV[3]
if stream ~= ARGV[4] then return { 'leads', stream } end
local names = {}
for _, name in ipairs(call('HKEYS', KEYS[1])) do
  if name ~= 'configuration' then names[#names + 1] = name end
end
if #names == 0 then
  if call('EXISTS', KEYS[2]) == 1 then return { 'left-over' } end
  return {}
end
local time = call('TIME')
local OFF = 1000 -- ms
if ARGV[2] ~= '' and math.abs(time[1] * 1000 + time[2] / 1000 - ARGV[2]) > OFF then return { 'time', time[1], time[2] } end
local id = call('HGET', KEYS[1], 'configuration-id') or ''
if id ~= ARGV[1] then return { 'configuration', id, call('HGET', KEYS[1], 'configuration') or '' } end

local main = {}
for i, value in ipairs(values_of(KEYS[1], names)) do
  main[2 * i - 1] = names[i]
  main[2 * i] = value
end
-- What the coordinator saw counts nothing: when it cannot be read, there is still a cut.
local health = call('TYPE', KEYS[4])['ok'] == 'hash' and call('HGETALL', KEYS[4]) or {}
local answer = { 'cut', time[1], time[2], main, call('HGETALL', KEYS[2]), call('HGETALL', KEYS[3]), health }

local SECONDS = { minute = 60, hour = 3600, day = 86400 }
local RESERVED = { '(unknown)', '(other)', '(too long)' }
local AT_ONCE = 1000 -- arguments of one command
local known = {}

-- Names of the buckets of a size that begin at or after from and end by to, oldest first.
local function buckets(size, from, to)
  local asked = size .. ' ' .. from .. ' ' .. to
  if not known[asked] then
    local found = {}
    local prefix = size .. ':'
    for _, name in ipairs(call('ZRANGEBYSCORE', KEYS[5], from + SECONDS[size], to)) do
      if string.sub(name, 1, #prefix) == prefix then found[#found + 1] = string.sub(name, #prefix + 1) end
    end
    known[asked] = found
  end
  return known[asked]
end

local function key_of(size, dimension, bucket)
  return KEYS[1] .. ':' .. size .. ':' .. dimension .. ':' .. bucket
end

local function whole(key, kind)
  return kind == 'h' and call('HGETALL', key) or call('ZRANGE', key, 0, -1, 'WITHSCORES')
end

local function some(key, kind, first, last)
  local pairs_ = {}
  for i = first, last, AT_ONCE do
    local to = math.min(last, i + AT_ONCE - 1)
    for j, count in ipairs(call(kind == 'h' and 'HMGET' or 'ZMSCORE', key, unpack(ARGV, i, to))) do
      if count then
        pairs_[#pairs_ + 1] = ARGV[i + j - 1]
        pairs_[#pairs_ + 1] = count
      end
    end
  end
  return pairs_
end

local function number(n)
  return string.format('%.0f', n)
end

-- The largest sums over several sorted sets, by the threshold algorithm: the sets are read from their tops, and what is
-- seen is looked up in all of them, until nothing that was not seen can have as much as the last of the largest. A
-- bound on the work keeps Redis free for others: past it, the answer says how much an unlisted category may have.
-- The work is that of all rankings of one run together.
local MOST_READ, MOST_LOOKED_UP = 60000, 120000
local MOST_AT_A_STEP = 20000
local read, looked_up = 0, 0
local function may_go_on() return read < MOST_READ and looked_up < MOST_LOOKED_UP end

-- By bytes: Lua's own order of strings is that of Redis's locale.
local function is_before(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function ranking(keys, wanted)
  local reserved, is_reserved = {}, {}
  for _, value in ipairs(RESERVED) do
    local sum = 0
    for _, key in ipairs(keys) do sum = sum + (call('ZSCORE', key, value) or 0) end
    is_reserved[value] = true
    if sum > 0 then
      reserved[#reserved + 1] = value
      reserved[#reserved + 1] = number(sum)
    end
  end
  local seen, best = {}, {} -- best: {category, sum}, largest first, ties by value
  local function last() return #best == wanted and best[wanted][2] or -1 end
  local function enter(category, sum)
    local at = #best + 1
    while at > 1 and (best[at - 1][2] < sum or best[at - 1][2] == sum and is_before(category, best[at - 1][1])) do at = at - 1 end
    if at > wanted then return end
    table.insert(best, at, { category, sum })
    best[wanted + 1] = nil
  end
  local position, bound, open = {}, {}, #keys
  for i = 1, #keys do
    position[i] = 0
    local top = call('ZREVRANGE', keys[i], 0, 0, 'WITHSCORES')
    bound[i] = tonumber(top[2] or '0')
  end
  local function threshold()
    local sum = 0
    for i = 1, #keys do sum = sum + bound[i] end
    return sum
  end
  local largest_chunk = math.max(1, math.min(AT_ONCE, math.floor(MOST_AT_A_STEP / #keys)))
  local chunk = math.min(math.max(16, wanted), largest_chunk)
  local function uncertain()
    local most = threshold()
    return most > last() or most == last() and #keys > 1
  end
  while open > 0 and threshold() > 0 and uncertain() and may_go_on() do
    for i = 1, #keys do
      if bound[i] > 0 and may_go_on() then
        local page = call('ZREVRANGE', keys[i], position[i], position[i] + chunk - 1, 'WITHSCORES')
        position[i] = position[i] + chunk
        read = read + #page / 2
        local elsewhere = threshold() - bound[i]
        local candidates = {}
        for j = 1, #page, 2 do
          local category = page[j]
          if not seen[category] and not is_reserved[category] then
            seen[category] = true
            -- In the other sets it stands below what was read there.
            if page[j + 1] + elsewhere >= last() then candidates[#candidates + 1] = category end
          end
        end
        bound[i] = #page < 2 * chunk and 0 or tonumber(page[#page])
        if bound[i] == 0 then open = open - 1 end
        for first = 1, #candidates, AT_ONCE do
          local to = math.min(#candidates, first + AT_ONCE - 1)
          local sums = {}
          for k = 1, #keys do
            for j, count in ipairs(call('ZMSCORE', keys[k], unpack(candidates, first, to))) do
              sums[j] = (sums[j] or 0) + (count or 0)
            end
          end
          looked_up = looked_up + (to - first + 1) * #keys
          for j, sum in ipairs(sums) do enter(candidates[first + j - 1], sum) end
        end
      end
    end
    chunk = math.min(2 * chunk, largest_chunk)
  end
  local at_most = threshold()
  if #keys == 1 and #best == wanted and at_most == last() and at_most > 0 then
    -- The last places are shared by categories that were not read: the first of them by value.
    while #best > 0 and best[#best][2] == at_most do best[#best] = nil end
    for _, category in ipairs(call('ZRANGEBYSCORE', keys[1], at_most, at_most, 'LIMIT', 0, wanted + #RESERVED)) do
      if not is_reserved[category] and #best < wanted then best[#best + 1] = { category, at_most } end
    end
    at_most = 0
  elseif at_most < last() then
    at_most = 0
  end
  local flat = {}
  for _, entry in ipairs(best) do
    flat[#flat + 1] = entry[1]
    flat[#flat + 1] = number(entry[2])
  end
  return { number(at_most), reserved, flat }
end

local function sums(keys, first, last)
  local found = {}
  for i = first, last, AT_ONCE do
    local to = math.min(last, i + AT_ONCE - 1)
    local some_sums = {}
    for j = 1, to - i + 1 do some_sums[j] = 0 end
    for _, key in ipairs(keys) do
      for j, count in ipairs(call('ZMSCORE', key, unpack(ARGV, i, to))) do
        some_sums[j] = some_sums[j] + (count or 0)
      end
    end
    for _, sum in ipairs(some_sums) do found[#found + 1] = number(sum) end
  end
  return found
end

local at = 5
while at <= #ARGV do
  local what, dimension = ARGV[at], ARGV[at + 1]
  local found = {}
  if what == 'total' then
    found = whole(KEYS[1] .. ':total:' .. dimension, ARGV[at + 2])
    at = at + 3
  elseif what == 'span' then
    local kind, size, n = ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 6])
    for _, bucket in ipairs(buckets(size, ARGV[at + 4], ARGV[at + 5])) do
      local key = key_of(size, dimension, bucket)
      found[#found + 1] = bucket
      found[#found + 1] = n == 0 and whole(key, kind) or some(key, kind, at + 7, at + 6 + n)
    end
    at = at + 7 + n
  else
    local keys = {}
    if ARGV[at + 2] == 'total' then
      keys[1] = KEYS[1] .. ':total:' .. dimension
    else
      for _, bucket in ipairs(buckets(ARGV[at + 2], ARGV[at + 3], ARGV[at + 4])) do
        keys[#keys + 1] = key_of(ARGV[at + 2], dimension, bucket)
      end
    end
    local n = tonumber(ARGV[at + 6])
    found = ranking(keys, tonumber(ARGV[at + 5]))
    found[4] = sums(keys, at + 7, at + 6 + n)
    at = at + 7 + n
  end
  answer[#answer + 1] = found
end
return answer
