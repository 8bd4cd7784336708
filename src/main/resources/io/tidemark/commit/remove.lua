-- Removes one bucket of all dimensions, when it is gone by the clock of the commits. That clock is kept beside the marks
-- and never steps back, so no commit can add to the bucket again.
--
-- KEYS  main hash, buckets, then the bucket's key of each dimension
-- ARGV  format, fingerprint, bucket, its end plus retention in ms
-- Answers 1 when it was removed, else 0

local call = redis.call
local head = call('HMGET', KEYS[1], 'format', 'fingerprint', 'frozen', 'clock')
if head[1] ~= ARGV[1] or head[2] ~= ARGV[2] or head[3] and head[3] ~= '' then return 0 end
if not head[4] or tonumber(head[4]) <= tonumber(ARGV[4]) then return 0 end
for k = 3, #KEYS do call('UNLINK', KEYS[k]) end
call('ZREM', KEYS[2], ARGV[3])
return 1
