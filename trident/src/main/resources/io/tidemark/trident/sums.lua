-- Sums and marks, read together.
--
-- KEYS  main hash, sums
-- Answers {{field, value, ...}, {key, sum, ...}}

return { redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2]) }
