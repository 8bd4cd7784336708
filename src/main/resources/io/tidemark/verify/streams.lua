-- The names of all streams.
--
-- KEYS  set of the names
-- Answers {name, ...}

return redis.call('SMEMBERS', KEYS[1])
