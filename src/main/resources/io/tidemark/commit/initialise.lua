-- with text.lua
-- Writes whose counts these will be and where each partition starts, unless that was done before: the first one wins.
-- Where there are counts without marks, nothing can be known, and nothing is written.
--
-- KEYS  main hash, health hash, then every other key that would hold counts
-- ARGV  format, store, topic, topic id, fingerprint, configuration, writer, number of partitions that are kept here, then
--       partition and start by turns: first of these, then of those that are kept in other shards
-- Answers {initialised} | {stands} | {started-over} when the counts that are to begin have another name | {refused, code, key, field, what was seen}

local call = redis.call
local main = KEYS[1]
local found = call('TYPE', main)['ok']
if found == 'hash' then
  local head = call('HMGET', main, 'format', 'fingerprint', 'configuration-id')
  if head[1] ~= ARGV[1] then return { 'refused', 'unknown-format', main, 'format', head[1] or 'nothing' } end
  -- The same counts in other words (an alias was added): what readers go by is renewed.
  local id = redis.sha1hex(ARGV[6])
  if head[2] == ARGV[5] and head[3] ~= id then
    call('HSET', main, 'configuration', ARGV[6], 'configuration-id', id)
  end
  return { 'stands' }
end
if found ~= 'none' then return { 'refused', 'foreign-value', main, '', 'a ' .. found .. ' where a hash belongs' } end
if call('TYPE', KEYS[2])['ok'] == 'hash' then
  local wanted = call('HGET', KEYS[2], 'started-over-as')
  if wanted and wanted ~= ARGV[2] then return { 'started-over' } end
end
for k = 3, #KEYS do
  if call('EXISTS', KEYS[k]) == 1 then return { 'refused', 'marks-lost', main, '', KEYS[k] } end
end
local fields = { 'format', ARGV[1], 'store', ARGV[2], 'topic', ARGV[3], 'topic-id', ARGV[4], 'fingerprint', ARGV[5],
  'configuration', ARGV[6], 'configuration-id', redis.sha1hex(ARGV[6]), 'version', '0', 'committed-at', iso(now_ms()),
  'writer', ARGV[7] }
local own = { 'start:', 'mark:' }
local elsewhere = { 'start-elsewhere:' }
local first_elsewhere = 9 + 2 * ARGV[8]
for i = 9, #ARGV, 2 do
  for _, kind in ipairs(i < first_elsewhere and own or elsewhere) do
    fields[#fields + 1] = kind .. ARGV[i]
    fields[#fields + 1] = ARGV[i + 1]
  end
end
-- In parts: where the first was not refused, the others are not. It is the same command on the same key, and Redis does
-- not ask for memory again once a script has written.
for i = 1, #fields, MOST_VALUES do
  call('HSET', main, unpack(fields, i, math.min(#fields, i + MOST_VALUES - 1)))
end
return { 'initialised' }
