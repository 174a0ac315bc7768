-- Give a sign of life or, with a stage, show how far the attempt is.
--
-- KEYS: the slot's; 3 ended:<token>. ARGV: the slot's; 6 the token; to report also 7 the stage, 8 Progress.
-- Returns "held", "cancelled", "finished" or "lost".
-- include retraining/slot
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) == 'finished' and 'finished' or 'lost'
end
if field('cancelled_by') then
  if not ARGV[7] then
    redis.call('HSET', slot, 'beat', now())
  end
  return 'cancelled'
end
if ARGV[7] then
  redis.call('HSET', slot, 'stage', ARGV[7], 'progress', ARGV[8])
else
  redis.call('HSET', slot, 'beat', now())
end
return 'held'
