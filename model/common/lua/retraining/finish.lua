-- Leave the attempt's outcome.
--
-- KEYS: the slot's; 3 ended:<token>.
-- ARGV: the slot's; 6 the token, 7 seconds to remember it, 8 the outcome, 9… its pictures.
-- Returns 1, also when repeated, or 0 if the token is not held.
-- include retraining/slot
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) == 'finished' and 1 or 0
end
redis.call('DEL', album)
for i = 9, #ARGV do
  redis.call('RPUSH', album, ARGV[i])
end
finish(ARGV[8])
redis.call('SET', KEYS[3], 'finished', 'EX', ARGV[7])
return 1
