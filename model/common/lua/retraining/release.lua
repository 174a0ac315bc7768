-- End the attempt without an outcome.
--
-- KEYS: the slot's; 3 ended:<token>.
-- ARGV: the slot's; 6 the token, 7 seconds to remember it, 8 "1" if the attempt counts, 9 the outcome
-- if it was the last.
-- Returns "released", also when repeated; else "finished" or "lost", and nothing was changed.
-- include retraining/slot
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) or 'lost'
end
if ARGV[8] == '0' then
  redis.call('HINCRBY', slot, 'attempts', -1)
end
back(ARGV[9])
redis.call('SET', KEYS[3], 'released', 'EX', ARGV[7])
return 'released'
