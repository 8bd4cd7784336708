-- with text.lua
-- The fields of the main hash, without the text of the configuration: read at every plan, it would be most of the answer.
--
-- KEYS  main hash
-- Answers {field, value, ...}; nothing when there is no stream

local names = {}
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  if name ~= 'configuration' then names[#names + 1] = name end
end
must_be_master(KEYS[1])
local answer = {}
for i, value in ipairs(values_of(KEYS[1], names)) do
  answer[2 * i - 1] = names[i]
  answer[2 * i] = value
end
return answer
