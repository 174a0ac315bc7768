-- Note whether the classes are open under an answer. Never makes a record that is not there.
--
-- KEYS: record. ARGV: "1" or "0".
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then
  if ARGV[1] == '1' then
    redis.call('HSET', KEYS[1], 'menu', '1')
  else
    redis.call('HDEL', KEYS[1], 'menu')
  end
end
