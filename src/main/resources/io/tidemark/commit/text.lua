-- Decimal numbers as text (Lua is exact to 2^53 only), times and a check; shared by the scripts that begin with '-- with'.

local function is_count(text)
  return type(text) == 'string' and #text <= 19 and (text == '0' or string.find(text, '^[1-9]%d*$') ~= nil)
end

-- The larger of two counts as text; '' or false stands for none.
local function larger(a, b)
  if not a or a == '' then return b or '' end
  if not b or b == '' then return a end
  if #a ~= #b then return #a > #b and a or b end
  return a > b and a or b
end

local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Unix milliseconds as ISO 8601 with milliseconds (days to civil date by Howard Hinnant's algorithm, in the public domain).
local function iso(ms)
  local floor = math.floor
  local second = floor(ms / 1000)
  local day = floor(second / 86400)
  local rest = second - day * 86400
  local z = day + 719468
  local era = floor(z / 146097)
  local doe = z - era * 146097
  local yoe = floor((doe - floor(doe / 1460) + floor(doe / 36524) - floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + floor(yoe / 4) - floor(yoe / 100))
  local mp = floor((5 * doy + 2) / 153)
  local month = mp < 10 and mp + 3 or mp - 9
  local year = yoe + era * 400 + (month <= 2 and 1 or 0)
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, doy - floor((153 * mp + 2) / 5) + 1,
    floor(rest / 3600), floor(rest / 60) % 60, rest % 60, ms % 1000)
end

-- A command takes at most 7,999 values from a table here, which is fewer than the fields of 1,600 partitions.
local MOST_VALUES = 4000

-- What stands in these fields of a hash; false where there is none.
local function values_of(key, names)
  local values = {}
  for i = 1, #names, MOST_VALUES do
    local last = math.min(#names, i + MOST_VALUES - 1)
    for j, value in ipairs(redis.call('HMGET', key, unpack(names, i, last))) do values[i + j - 1] = value end
  end
  return values
end

-- A master that was demoted still answers who has a connection to it, with what it had; who writes nothing would believe
-- it for ever. A write that changes nothing is refused there (READONLY), and the caller goes where the address leads.
local function must_be_master(key)
  redis.call('HDEL', key, '')
end
