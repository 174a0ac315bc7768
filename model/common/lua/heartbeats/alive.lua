-- The processes that were seen lately.
--
-- KEYS: 1 hash of name → status, 2 sorted set of names by when they were seen, in Redis's seconds.
-- ARGV: the seconds after which a process is as good as dead.
-- Returns status, ms since it was seen, and so on.
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local found = {}
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  local ago = now - tonumber(redis.call('ZSCORE', KEYS[2], name) or 0)
  if math.abs(ago) <= tonumber(ARGV[1]) then
    found[#found + 1] = redis.call('HGET', KEYS[1], name)
    found[#found + 1] = math.max(0, math.floor(ago * 1000))
  end
end
return found
