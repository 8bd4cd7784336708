-- One step through the names of all keys.
--
-- KEYS  main hash: all that are looked for lie where it does; a key that never holds anything: while the keys of a Redis
--       Cluster are being moved, some are elsewhere, and the script is refused for the sake of this one
-- ARGV  where to go on ('0' at first), pattern, about how many keys to look at
-- Answers {where to go on or '0', {name, ...}}

return redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2], 'COUNT', ARGV[3])
