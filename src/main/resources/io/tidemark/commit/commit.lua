-- with text.lua
-- Compare and add: if every mark is where the tally begins, adds its counts and sets the marks to its ends; otherwise,
-- and on any error, changes nothing. Numbers travel as text.
--
-- KEYS  main hash, buckets, one rejected-at for each of R partitions, one key for each of G groups
-- ARGV  format, store, topic id, fingerprint, writer, stream, as-of ('' when unknown), kept, P, R, B, G, then
--       P times  partition, first, end, leader epoch before first or '', leader epoch at the end or '', as-of or ''
--       R times  n, then n times  offset, reason
--       B times  bucket, its end in seconds, its end plus retention in ms
--       G times  kind (h or z), end plus retention in ms or '', cap or '', sum of what is added, n, then
--                n times  member, what is added
-- Answers {applied, version} | {already-applied} | {out-of-step, partition, mark, ...}
--       | {other-log, partition, mark, its leader epoch, leader epoch before first or ''}
--       | {refused, code, key, field, what was seen} | {failed, error of Redis, key}

local KEYS, ARGV = KEYS, ARGV
local call = redis.call
local main, buckets = KEYS[1], KEYS[2]
local ranges, rejections, bucket_count, groups = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local HEAD, PER_RANGE, PER_BUCKET = 12, 6, 3
local EXACT = '9007199254740992' -- 2^53: up to here a sorted set counts exactly
local RESERVED = { ['(unknown)'] = true, ['(other)'] = true, ['(too long)'] = true }

local function refused(code, key, field, seen)
  return { 'refused', code, key, field or '', seen or '' }
end

local function type_of(key)
  return call('TYPE', key)['ok']
end

-- Whose counts are these?
local main_type = type_of(main)
if main_type == 'none' then return refused('not-initialised', main) end
if main_type ~= 'hash' then return refused('foreign-value', main, '', 'a ' .. main_type .. ' where a hash belongs') end
local head = call('HMGET', main, 'format', 'store', 'topic-id', 'fingerprint', 'frozen', 'clock', 'as-of')
if head[1] ~= ARGV[1] then return refused('unknown-format', main, 'format', head[1] or 'nothing') end
if head[5] and head[5] ~= '' then return refused('frozen', main, 'frozen', head[5]) end
if head[2] ~= ARGV[2] then return refused('wrong-store', main, 'store', head[2] or 'nothing') end
if head[3] ~= ARGV[3] then return refused('wrong-topic', main, 'topic-id', head[3] or 'nothing') end
if head[4] ~= ARGV[4] then return refused('wrong-configuration', main, 'fingerprint', head[4] or 'nothing') end

-- Where do the marks stand?
local marks, moves = {}, {}
local at_first, at_end = true, true
local other_log
for i = 0, ranges - 1 do
  local at = HEAD + 1 + i * PER_RANGE
  local partition, first, ends, before = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local found = call('HMGET', main, 'mark:' .. partition, 'start:' .. partition, 'epoch:' .. partition)
  local mark = found[1]
  if not mark and found[2] then return refused('mark-lost', main, 'mark:' .. partition, 'start:' .. partition .. ' ' .. found[2]) end
  if mark and not found[2] then return refused('mark-lost', main, 'start:' .. partition, 'mark:' .. partition .. ' ' .. mark) end
  if not mark then -- a partition that has appeared since the stream was initialised
    mark = '0'
    moves[#moves + 1] = 'start:' .. partition
    moves[#moves + 1] = '0'
  end
  if not is_count(mark) then return refused('foreign-value', main, 'mark:' .. partition, mark) end
  if mark ~= first then at_first = false end
  if mark ~= ends then at_end = false end
  local epoch = found[3]
  if epoch and epoch ~= '' then
    if not is_count(epoch) then return refused('foreign-value', main, 'epoch:' .. partition, epoch) end
    if epoch ~= before and not other_log then other_log = { 'other-log', partition, mark, epoch, before } end
  end
  marks[#marks + 1] = partition
  marks[#marks + 1] = mark
  moves[#moves + 1] = 'mark:' .. partition
  moves[#moves + 1] = ends
end
if not at_first then
  must_be_master(main)
  if at_end then return { 'already-applied' } end
  table.insert(marks, 1, 'out-of-step')
  return marks
end
-- An offset and the leader epoch before it name everything below it. A tally that was read from a log with something
-- else there, after Kafka lost records that were counted, would make counts of two logs.
if other_log then return other_log end

-- Could everything be added? Types first; then what can be seen of an overflow in sorted sets, whose sums become inexact
-- without an error.
local first_rejection_key, first_group_key = 3, 3 + rejections
local function wrong_type(key, wanted)
  local found = type_of(key)
  if found ~= 'none' and found ~= wanted then
    return refused('foreign-value', key, '', 'a ' .. found .. ' where a ' .. wanted .. ' belongs')
  end
end
local wrong = wrong_type(buckets, 'zset')
if wrong then return wrong end
for k = first_rejection_key, first_group_key - 1 do
  wrong = wrong_type(KEYS[k], 'zset')
  if wrong then return wrong end
end
if head[6] and not is_count(head[6]) then return refused('foreign-value', main, 'clock', head[6]) end
if head[7] and not is_count(head[7]) then return refused('foreign-value', main, 'as-of', head[7]) end

-- Buckets end by the cut: what is gone stays gone, even when Redis's clock steps back.
local now = now_ms()
local as_of = larger(head[7], ARGV[7])
local clock = tonumber(head[6] or '0')
if as_of ~= '' then clock = math.max(clock, math.min(tonumber(as_of), now)) end

local rejected_at = HEAD + 1 + ranges * PER_RANGE
local at = rejected_at
for _ = 1, rejections do at = at + 1 + 2 * ARGV[at] end
local buckets_at = at
local groups_at = at + bucket_count * PER_BUCKET

at = groups_at
for k = first_group_key, #KEYS do
  local kind, gone_at, sum, n = ARGV[at], ARGV[at + 1], ARGV[at + 3], tonumber(ARGV[at + 4])
  wrong = wrong_type(KEYS[k], kind == 'h' and 'hash' or 'zset')
  if wrong then return wrong end
  if kind == 'z' and not (gone_at ~= '' and clock > tonumber(gone_at)) then
    if larger(sum, EXACT) ~= EXACT then return refused('overflow', KEYS[k], '', sum) end
    local top = call('ZREVRANGE', KEYS[k], 0, 0, 'WITHSCORES')
    if top[1] then
      local score = tonumber(top[2])
      if not score or score < 0 or score ~= math.floor(score) or score == math.huge then
        return refused('foreign-value', KEYS[k], top[1], top[2])
      end
      if score > EXACT - sum then return refused('overflow', KEYS[k], top[1], top[2]) end
    end
  end
  at = at + 5 + 2 * n
end

-- Taking back: the same way again, up to the last addition that was made. Nothing here may stop half-way, so errors are
-- passed over: what could be added can be taken away.
local last_added = 0                 -- its place in ARGV
local elsewhere = {}                 -- by place in ARGV: the member that was added to instead
local new_buckets = {}
local new_rejected, trimmed = {}, {} -- {key, member, score}
local version_raised = false

local function is_gone(gone_at)
  return gone_at ~= '' and clock > tonumber(gone_at)
end

local function opposite(n)
  return string.sub(n, 1, 1) == '-' and string.sub(n, 2) or '-' .. n
end

local function take_back()
  local try = redis.pcall
  if version_raised then try('HINCRBY', main, 'version', -1) end
  for _, m in ipairs(trimmed) do try('ZADD', m[1], m[3], m[2]) end
  for _, m in ipairs(new_rejected) do try('ZREM', m[1], m[2]) end
  for _, bucket in ipairs(new_buckets) do try('ZREM', buckets, bucket) end
  local at = groups_at
  for k = first_group_key, #KEYS do
    local key, kind, n = KEYS[k], ARGV[at], tonumber(ARGV[at + 4])
    if not is_gone(ARGV[at + 1]) then
      for i = at + 5, at + 3 + 2 * n, 2 do
        if i > last_added then return end
        local member = elsewhere[i] or ARGV[i]
        if kind == 'h' then
          if try('HINCRBY', key, member, opposite(ARGV[i + 1])) == 0 then try('HDEL', key, member) end
        elseif tonumber(try('ZINCRBY', key, '-' .. ARGV[i + 1], member)) == 0 then
          try('ZREM', key, member)
        end
      end
    end
    at = at + 5 + 2 * n
  end
end

local capped         -- the last count in which a category found no room
local writing = main -- the key that is written to, named when Redis refuses it

local function add_to_hash(key, first, last)
  for i = first, last, 2 do
    call('HINCRBY', key, ARGV[i], ARGV[i + 1])
    last_added = i
  end
end

local function add_to_sorted_set(key, cap, first, last)
  local find = string.find
  local room = cap - call('ZCARD', key)
  local crowded = (last - first) / 2 + 1 > room
  if crowded then
    for name in pairs(RESERVED) do
      if call('ZSCORE', key, name) then room = room + 1 end
    end
  end
  for i = first, last, 2 do
    local member, n = ARGV[i], ARGV[i + 1]
    if crowded and not RESERVED[member] and not call('ZSCORE', key, member) then
      if room > 0 then
        room = room - 1
      else
        member = '(other)'
        elsewhere[i] = member
        capped = string.sub(key, #main + 2)
      end
    end
    local score = call('ZINCRBY', key, n, member)
    last_added = i
    if score + 0 < n + 0 or find(score, '%D') then -- it was below zero, or is no whole number
      error({ refusal = refused('foreign-value', key, member, score .. ' after ' .. n .. ' was added') })
    end
  end
end

local function add_counts()
  local at = groups_at
  for k = first_group_key, #KEYS do
    writing = KEYS[k]
    local last = at + 3 + 2 * ARGV[at + 4]
    if is_gone(ARGV[at + 1]) then
      -- nothing is added to a bucket that is gone
    elseif ARGV[at] == 'h' then
      add_to_hash(writing, at + 5, last)
    else
      add_to_sorted_set(writing, tonumber(ARGV[at + 2]), at + 5, last)
    end
    at = last + 2
  end
end

local function note_buckets()
  writing = buckets
  for at = buckets_at, groups_at - 1, PER_BUCKET do
    if not is_gone(ARGV[at + 2]) and call('ZADD', buckets, ARGV[at + 1], ARGV[at]) == 1 then
      new_buckets[#new_buckets + 1] = ARGV[at]
    end
  end
end

local function note_rejected()
  local at, beyond = rejected_at, -1 - ARGV[8]
  for k = first_rejection_key, first_group_key - 1 do
    writing = KEYS[k]
    local last = at + 2 * ARGV[at]
    for i = at + 1, last, 2 do
      local member = ARGV[i] .. ' ' .. ARGV[i + 1]
      if call('ZADD', writing, ARGV[i], member) == 1 then new_rejected[#new_rejected + 1] = { writing, member } end
    end
    local oldest = call('ZRANGE', writing, 0, beyond, 'WITHSCORES')
    if oldest[1] then
      call('ZREMRANGEBYRANK', writing, 0, beyond)
      for i = 1, #oldest, 2 do trimmed[#trimmed + 1] = { writing, oldest[i], oldest[i + 1] } end
    end
    at = last + 1
  end
end

-- Version and the rest, and the marks last, in one command.
local committed_at = iso(now)
local function move_marks()
  writing = main
  local fields = { 'committed-at', committed_at, 'writer', ARGV[5], 'clock', string.format('%.0f', clock) }
  local function set(field, value)
    fields[#fields + 1] = field
    fields[#fields + 1] = value
  end
  if as_of ~= '' then set('as-of', as_of) end
  if capped then set('capped', capped) end
  for i = 0, ranges - 1 do
    local at = HEAD + 1 + i * PER_RANGE
    local partition, epoch, seen = ARGV[at], ARGV[at + 4], ARGV[at + 5]
    if epoch ~= '' or call('HEXISTS', main, 'epoch:' .. partition) == 1 then set('epoch:' .. partition, epoch) end
    if seen ~= '' then set('as-of:' .. partition, larger(call('HGET', main, 'as-of:' .. partition), seen)) end
  end
  for i = 1, #moves do fields[#fields + 1] = moves[i] end
  call('HINCRBY', main, 'version', 1)
  version_raised = true
  call('HSET', main, unpack(fields))
end

local done, reason = pcall(function()
  add_counts()
  note_buckets()
  note_rejected()
  move_marks()
end)
if not done then
  take_back()
  if type(reason) == 'table' then return reason.refusal or { 'failed', reason.err, writing } end
  return { 'failed', tostring(reason), writing }
end

-- Tell who listens. That nobody may be told (an ACL user without channels) is no reason to lose the commit.
local version = call('HGET', main, 'version')
pcall(function()
  local names = {}
  for _, name in ipairs(call('HKEYS', main)) do
    if string.find(name, '^mark:') or string.find(name, '^start:') then names[#names + 1] = name end
  end
  local offsets = { mark = {}, start = {} }
  for i, value in ipairs(values_of(main, names)) do
    local kind, partition = string.match(names[i], '^(%l+):(%d+)$')
    table.insert(offsets[kind], '"' .. partition .. '":' .. value)
  end
  local seen = as_of ~= '' and #as_of <= 14 and '"asOf":"' .. iso(tonumber(as_of)) .. '",' or ''
  call('PUBLISH', main .. ':commits', '{"stream":"' .. ARGV[6] .. '","cut":{"start":{' .. table.concat(offsets.start, ',')
    .. '},"offsets":{' .. table.concat(offsets.mark, ',') .. '},"version":' .. version .. ',' .. seen
    .. '"committedAt":"' .. committed_at .. '"}}')
end)
return { 'applied', version }
