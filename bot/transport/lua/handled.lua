-- Forget a handled update, but for its name. From here on the update itself is recognised, so its
-- photo need not be.
--
-- KEYS: 1 updates, 2 updates:seen, 3 submitted:<name>.
-- ARGV: 1 name, 2 the seconds for which names are kept, 3 how many are kept.
redis.call('HDEL', KEYS[1], ARGV[1])
-- Never earlier than the last: where the clock was set back, the newest must not look the oldest.
local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
local now = math.max(tonumber(redis.call('TIME')[1]), tonumber(last or 0))
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - ARGV[3])
redis.call('DEL', KEYS[3])
