-- with text.lua
-- Lets a name lead to another stream, if that one has counted at least as far as the one that it leads to now. Where it leads
-- there already, a command whose answer was lost is sent again: that is done, too.
--
-- KEYS  aliases, backfills, replaced, main hashes of all shards of the stream that it leads to now, those of the other one
-- ARGV  the name, the stream that it leads to now, the other one, how many shards the one now has
-- Answers {led} | {elsewhere, where it leads} | {behind, partition, mark of the one now, mark of the other one, ...}

local call = redis.call
local leads = call('HGET', KEYS[1], ARGV[1]) or ARGV[1]
local function led()
  call('HDEL', KEYS[2], ARGV[3])
  call('SADD', KEYS[3], ARGV[2])
  call('SREM', KEYS[3], ARGV[3])
  return { 'led' }
end
if leads == ARGV[3] then return led() end
if leads ~= ARGV[2] then return { 'elsewhere', leads } end
local behind = { 'behind' }
local last_now = 3 + ARGV[4]
local function mark_of_other(field)
  for k = last_now + 1, #KEYS do
    local mark = call('HGET', KEYS[k], field)
    if mark then return mark end
  end
  return '0'
end
for k = 4, last_now do
  local now = call('HGETALL', KEYS[k])
  for i = 1, #now, 2 do
    local partition = string.match(now[i], '^mark:(%d+)$')
    if partition and is_count(now[i + 1]) then
      local mark = mark_of_other(now[i])
      if larger(mark, now[i + 1]) ~= mark then
        for _, each in ipairs({ partition, now[i + 1], mark }) do behind[#behind + 1] = each end
      end
    end
  end
end
if #behind > 1 then return behind end
if ARGV[1] == ARGV[3] then
  call('HDEL', KEYS[1], ARGV[1])
else
  call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
return led()
