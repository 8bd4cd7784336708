-- The end of starting over: the marks go, and the name of the set of counts that is to come stays.
--
-- KEYS  main hash, health hash
-- ARGV  the name
-- Answers 1

local call = redis.call
call('HSET', KEYS[2], 'started-over-as', ARGV[1])
call('UNLINK', KEYS[1])
return 1
