-- Make charts of before out of date.
--
-- KEYS: record. Returns the new turn, or -1 where there is no record.
if redis.call('HEXISTS', KEYS[1], 'answer') == 0 then
  return -1
end
return redis.call('HINCRBY', KEYS[1], 'turn', 1)
