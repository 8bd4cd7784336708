-- Refuses all commits from now on. A stream that has lost its main hash gets one that only says so.
--
-- KEYS  main hash
-- ARGV  format, why
-- Answers 1

local call = redis.call
if call('TYPE', KEYS[1])['ok'] ~= 'hash' then call('DEL', KEYS[1]) end
if call('HEXISTS', KEYS[1], 'format') == 0 then call('HSET', KEYS[1], 'format', ARGV[1]) end
call('HSET', KEYS[1], 'frozen', ARGV[2])
return 1
