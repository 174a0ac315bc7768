-- Put a choice in place of another. What was kept of the old one goes at once: it was declared
-- wrong.
--
-- KEYS: 1 record, 2 count, 3 corrections, 4 thumbnails, 5 corrections of the photo's sender, 6 what
-- was corrected by the old choice's person, 7 the same by the new one's, 8 undone.
-- ARGV: 1 id, 2 the old choice as it was read or '', 3 the new one or '', 4 which count the old one
-- is in or '', 5 the same of the new one, 6 now, 7 seconds until the new one is forgotten, 8 what to
-- write into undone or ''.
-- Returns the turn, -1 where there is no record, -2 where the choice changed.
if redis.call('HEXISTS', KEYS[1], 'answer') == 0 then
  return -1
end
if (redis.call('HGET', KEYS[1], 'choice') or '') ~= ARGV[2] then
  return -2
end
if ARGV[2] ~= '' then
  redis.call('HINCRBY', KEYS[2], ARGV[4], -1)
  redis.call('ZREM', KEYS[6], ARGV[1])
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'choice', ARGV[3])
  redis.call('HINCRBY', KEYS[2], ARGV[5], 1)
  redis.call('ZADD', KEYS[7], ARGV[6], ARGV[1])
  redis.call('ZREMRANGEBYSCORE', KEYS[7], 0, ARGV[6] - ARGV[7])
  redis.call('EXPIRE', KEYS[7], ARGV[7])
else
  redis.call('HDEL', KEYS[1], 'choice')
end
redis.call('HDEL', KEYS[1], 'menu')
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if ARGV[8] ~= '' then
  redis.call('SET', KEYS[8], ARGV[8], 'EX', ARGV[7])
end
return redis.call('HINCRBY', KEYS[1], 'turn', 1)
