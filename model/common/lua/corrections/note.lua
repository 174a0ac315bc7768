-- Set a field of an answer's record, or the answer itself where its group has moved. Never makes a
-- record: what was forgotten meanwhile stays forgotten.
--
-- KEYS: record. ARGV: 1 the field, 2 its value; '' deletes it.
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then
  if ARGV[2] ~= '' then
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  else
    redis.call('HDEL', KEYS[1], ARGV[1])
  end
end
