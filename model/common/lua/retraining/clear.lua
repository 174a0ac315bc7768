-- Clear a finished job away.
--
-- KEYS: the slot's. ARGV: the slot's; 6 the job's id.
-- Returns 1, or 0 if another job is in the slot, or this one is not finished.
-- include retraining/slot
if field('id') ~= ARGV[6] or field('state') ~= 'finished' then
  return 0
end
redis.call('DEL', slot, album)
return 1
