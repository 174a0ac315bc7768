-- Put an answer's record in place of another; one that was forgotten meanwhile stays so.
--
-- KEYS: record. ARGV: the sealed answer.
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then
  redis.call('HSET', KEYS[1], 'answer', ARGV[1])
end
