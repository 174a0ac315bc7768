-- Note something about an answer's message. Never makes a record that is not there.
--
-- KEYS: record. ARGV: 1 the field, 2 its value; '' deletes it.
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then
  if ARGV[2] ~= '' then
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  else
    redis.call('HDEL', KEYS[1], ARGV[1])
  end
end
