-- Note something about a job.
--
-- KEYS: the slot's. ARGV: the slot's; 6 the job's id, 7… fields and values.
-- Returns 1, or 0 if another job is in the slot.
-- include retraining/slot
if field('id') ~= ARGV[6] then
  return 0
end
redis.call('HSET', slot, unpack(ARGV, 7))
return 1
