-- Forget an answer: it was sent, or never can be.
--
-- KEYS: 1 answers, 2 bytes. ARGV: 1 group, 2 entry id, 3 the bytes of the answer's picture.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
local deleted = redis.call('XDEL', KEYS[1], ARGV[2])
if redis.call('XLEN', KEYS[1]) == 0 then
  redis.call('HDEL', KEYS[2], 'answers')
elseif deleted == 1 and redis.call('HINCRBY', KEYS[2], 'answers', 0 - ARGV[3]) <= 0 then
  redis.call('HDEL', KEYS[2], 'answers')
end
