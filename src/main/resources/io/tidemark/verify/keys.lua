-- with text.lua
-- Some keys, and the marks of the same moment. What does not fit into one answer is left to the next.
--
-- KEYS  main hash, buckets, then the keys to read
-- ARGV  most members in one answer, 1 when the text of the configuration is wanted, then for each key the name of its
--       bucket or ''
-- Answers {} without a stream | {seconds, microseconds, main, key, ...} for the first of the keys, at least one of them;
--       a key is {type, ms to live, end of its bucket or '', member, count, ...}

local call = redis.call
local names = {}
for _, name in ipairs(call('HKEYS', KEYS[1])) do
  if name ~= 'configuration' or ARGV[2] == '1' then names[#names + 1] = name end
end
if #names == 0 then return {} end
local main = {}
for i, value in ipairs(values_of(KEYS[1], names)) do
  main[2 * i - 1] = names[i]
  main[2 * i] = value
end
local time = call('TIME')
local answer = { time[1], time[2], main }
local indexed = call('TYPE', KEYS[2])['ok'] == 'zset'
local room = tonumber(ARGV[1])
for k = 3, #KEYS do
  local kind = call('TYPE', KEYS[k])['ok']
  local size = kind == 'hash' and call('HLEN', KEYS[k]) or kind == 'zset' and call('ZCARD', KEYS[k]) or 0
  if k > 3 and size > room then break end
  room = room - size
  local entry = { kind, call('PTTL', KEYS[k]), ARGV[k] ~= '' and indexed and call('ZSCORE', KEYS[2], ARGV[k]) or '' }
  local members = {}
  if kind == 'hash' then
    members = call('HGETALL', KEYS[k])
  elseif kind == 'zset' then
    members = call('ZRANGE', KEYS[k], 0, -1, 'WITHSCORES')
  end
  for i = 1, #members do entry[3 + i] = members[i] end
  answer[#answer + 1] = entry
end
return answer
