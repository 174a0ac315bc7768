-- Have the retraining end.
--
-- KEYS: the slot's. ARGV: the slot's; 6 the name of who cancels.
-- Returns "idle", "finished", "late" (its model is being published), "cancelled" or "cancelling".
-- include retraining/slot
tend()
local state = field('state')
if not state then
  return 'idle'
end
if state == 'finished' then
  return 'finished'
end
if field('stage') == 'publishing' then
  return 'late'
end
redis.call('HSETNX', slot, 'cancelled_by', ARGV[6])
if state == 'waiting' then
  finish(CANCELLED)
  return 'cancelled'
end
return 'cancelling'
