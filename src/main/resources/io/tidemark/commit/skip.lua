-- with text.lua
-- Moves a mark on over records that Kafka has lost, and notes which: nothing of them will ever be counted.
--
-- KEYS  main hash
-- ARGV  format, topic id, partition, the mark as it was seen, where to go on, skipped ranges as they were seen or '',
--       skipped ranges from now on, writer
-- Answers {skipped, version} | {out-of-step, mark or ''} | {refused, code, key, field, what was seen}

local call = redis.call
local main = KEYS[1]
local function refused(code, field, seen)
  return { 'refused', code, main, field, seen or 'nothing' }
end

if call('TYPE', main)['ok'] ~= 'hash' then return refused('not-initialised', '', '') end
local mark, start = 'mark:' .. ARGV[3], 'start:' .. ARGV[3]
local head = call('HMGET', main, 'format', 'topic-id', 'frozen', mark, start, 'skipped')
if head[1] ~= ARGV[1] then return refused('unknown-format', 'format', head[1]) end
if head[3] and head[3] ~= '' then return refused('frozen', 'frozen', head[3]) end
if head[2] ~= ARGV[2] then return refused('wrong-topic', 'topic-id', head[2]) end
if head[4] ~= ARGV[4] or not head[5] or (head[6] or '') ~= ARGV[6] then return { 'out-of-step', head[4] or '' } end

local version = call('HINCRBY', main, 'version', 1)
call('HSET', main, mark, ARGV[5], 'skipped', ARGV[7], 'writer', ARGV[8], 'committed-at', iso(now_ms()))
-- Of the record before it nothing is known.
call('HDEL', main, 'epoch:' .. ARGV[3])
return { 'skipped', tostring(version) }
