-- Counts and marks, read together. When the caller does not know the configuration that stands there, its text is
-- answered instead of counts: it says which keys to ask for.
--
-- KEYS  main hash, accounts, rejected, health, then one key for each count
-- ARGV  id of the configuration that the caller knows or '', then h or z for each count
-- Answers {} without a stream | {'left-over'} with counts but no main hash
--       | {'configuration', id, text} | {'cut', seconds, microseconds, main, accounts, rejected, health, count, ...}

local call = redis.call
local names = {}
for _, name in ipairs(call('HKEYS', KEYS[1])) do
  if name ~= 'configuration' then names[#names + 1] = name end
end
if #names == 0 then
  if call('EXISTS', KEYS[2]) == 1 then return { 'left-over' } end
  return {}
end
local id = call('HGET', KEYS[1], 'configuration-id') or ''
if id ~= ARGV[1] then return { 'configuration', id, call('HGET', KEYS[1], 'configuration') or '' } end

local main = {}
for i, value in ipairs(call('HMGET', KEYS[1], unpack(names))) do
  main[2 * i - 1] = names[i]
  main[2 * i] = value
end
local time = call('TIME')
-- What the coordinator saw counts nothing: when it cannot be read, there is still a cut.
local health = call('TYPE', KEYS[4])['ok'] == 'hash' and call('HGETALL', KEYS[4]) or {}
local answer = { 'cut', time[1], time[2], main, call('HGETALL', KEYS[2]), call('HGETALL', KEYS[3]), health }
for k = 5, #KEYS do
  answer[k + 3] = ARGV[k - 3] == 'h' and call('HGETALL', KEYS[k]) or call('ZRANGE', KEYS[k], 0, -1, 'WITHSCORES')
end
return answer
