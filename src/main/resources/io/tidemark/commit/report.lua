-- with text.lua
-- Writes what the coordinator saw, since when there have been records beyond a mark that does not move, and when a
-- partition last had nothing left to count.
--
-- KEYS  health hash, main hash
-- ARGV  writer, first offsets and end offsets as JSON objects, refusal's code and message or '', how long a writer
--       counts as alive in ms, what open transactions hold back as a JSON object, whose the topic's timestamps
--       are (LogAppendTime, CreateTime or ''), then partition and end offset, what is held back included, by turns
-- Answers 1

local call = redis.call
local health, main = KEYS[1], KEYS[2]
local now = now_ms()
local before = call('HMGET', health, 'writer', 'at', 'behind-since', 'behind-version', 'at-ms', 'other-writer')
local fields = { 'writer', ARGV[1], 'at', iso(now), 'at-ms', string.format('%.0f', now), 'first', ARGV[2], 'ends', ARGV[3],
  'refusal-code', ARGV[4], 'refusal-message', ARGV[5], 'open', ARGV[7], 'timestamps', ARGV[8] }
local function set(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end

-- A second writer: the one before was another, and has written so lately that it must be alive.
local before_ms = tonumber(before[5] or '') -- what is no time is as good as none
if before[1] and before[1] ~= ARGV[1] and before_ms and now - before_ms < tonumber(ARGV[6]) then
  set('other-writer', before[1])
  set('other-at', string.format('%.0f', now))
end

local behind = false
local known = call('TYPE', main)['ok'] == 'hash' -- else the refusal that is reported says so
-- The ends were asked for after this writer's report before. What is appended later is of a later time.
local asked_after = known and ARGV[4] == '' and before[1] == ARGV[1] and before_ms and before[5]
for i = 9, #ARGV, 2 do
  local mark = known and call('HGET', main, 'mark:' .. ARGV[i]) or '0'
  if asked_after and mark == ARGV[i + 1] then call('HSET', main, 'idle:' .. ARGV[i], asked_after) end
  if mark ~= ARGV[i + 1] and larger(mark, ARGV[i + 1]) == ARGV[i + 1] then behind = true end
end
local version = known and call('HGET', main, 'version') or ''
if not behind then
  set('behind-since', '')
elseif (before[3] or '') == '' or before[4] ~= version then
  set('behind-since', string.format('%.0f', now))
end
set('behind-version', version)
call('HSET', health, unpack(fields))
return 1
