-- Lets a name lead to another stream, if it leads where it is thought to lead, or there already: a command whose answer was
-- lost is sent again.
--
-- KEYS  aliases
-- ARGV  the name, the stream that it leads to now, the other one
-- Answers {led} | {elsewhere, where it leads}

local call = redis.call
local leads = call('HGET', KEYS[1], ARGV[1]) or ARGV[1]
if leads == ARGV[3] then return { 'led' } end
if leads ~= ARGV[2] then return { 'elsewhere', leads } end
if ARGV[1] == ARGV[3] then
  call('HDEL', KEYS[1], ARGV[1])
else
  call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return { 'led' }
