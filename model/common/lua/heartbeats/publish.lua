-- Show what a process says of itself, and clear away those of processes that ended without a word.
--
-- KEYS: 1 hash of name → status, 2 sorted set of names by when they were seen, in Redis's seconds.
-- ARGV: 1 name, 2 status, 3 the seconds after which a process is as good as dead.
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], string.format('%.3f', now), ARGV[1])
for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
  local seen = tonumber(redis.call('ZSCORE', KEYS[2], name) or 0)
  -- One that was seen in the future was so before the clock was set back; it shows itself again.
  if math.abs(now - seen) > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  end
end
