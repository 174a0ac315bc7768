-- Put a job into the slot. A second call with the same id changes nothing, whatever became of the
-- first.
--
-- KEYS: the slot's; 3 asked:<id>. ARGV: the slot's; 6 id, 7 job, 8 chat, 9 seconds to remember the id.
-- Returns "asked", "known" or "busy".
-- include retraining/slot
tend()
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 'known'
end
local state = field('state')
if state and not (state == 'finished' and field('chat') == '0') then
  return 'busy'
end
redis.call('DEL', slot, album)
redis.call('HSET', slot, 'id', ARGV[6], 'job', ARGV[7], 'chat', ARGV[8], 'state', 'waiting',
  'attempts', 0)
redis.call('SET', KEYS[3], '', 'EX', ARGV[9])
return 'asked'
