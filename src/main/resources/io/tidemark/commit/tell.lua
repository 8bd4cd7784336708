-- with text.lua
-- Writes that a task was refused, and at which version of the counts.
--
-- KEYS  health hash, main hash
-- ARGV  refusal's code and message
-- Answers 1

local call = redis.call
local known = call('TYPE', KEYS[2])['ok'] == 'hash'
call('HSET', KEYS[1], 'told-code', ARGV[1], 'told-message', ARGV[2], 'told-ms', string.format('%.0f', now_ms()),
  'told-version', known and call('HGET', KEYS[2], 'version') or '')
return 1
