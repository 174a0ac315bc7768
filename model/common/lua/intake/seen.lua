-- Remembering the names of updates that are done with, so that a second delivery is recognised.

-- KEYS and ARGV of the scripts that include it give `seen`, the seconds for which names are kept,
-- and how many are kept.
local function note_seen(seen, names, seconds, most)
  -- Never earlier than the last: where the clock was set back, the newest must not look the oldest.
  local last = redis.call('ZREVRANGE', seen, 0, 0, 'WITHSCORES')[2]
  local now = math.max(tonumber(redis.call('TIME')[1]), tonumber(last or 0))
  for _, name in ipairs(names) do
    redis.call('ZADD', seen, now, name)
  end
  redis.call('ZREMRANGEBYSCORE', seen, 0, now - seconds)
  redis.call('ZREMRANGEBYRANK', seen, 0, -1 - most)
end
