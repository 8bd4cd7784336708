-- with text.lua
-- What a task was refused, unless that was long ago or a commit has been applied since.
--
-- KEYS  health hash, main hash
-- ARGV  how long it holds in ms
-- Answers {} | {code, message}

local call = redis.call
local told = call('HMGET', KEYS[1], 'told-code', 'told-message', 'told-ms', 'told-version')
local told_ms = tonumber(told[3] or '')
if not told_ms or now_ms() - told_ms > tonumber(ARGV[1]) then return {} end
local known = call('TYPE', KEYS[2])['ok'] == 'hash'
if told[4] ~= (known and call('HGET', KEYS[2], 'version') or '') then return {} end
return { told[1], told[2] }
