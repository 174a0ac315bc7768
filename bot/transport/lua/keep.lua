-- Keep updates that were not handled before. One script is one wait for Redis in a poll's way.
--
-- KEYS: 1 updates, 2 updates:seen. ARGV: name, text, and so on.
-- Returns the names of those that it kept.
local new = {}
for i = 1, #ARGV, 2 do
  if not redis.call('ZSCORE', KEYS[2], ARGV[i]) then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
    new[#new + 1] = ARGV[i]
  end
end
return new
