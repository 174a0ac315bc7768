-- Queue a dead letter's photo as if it came now.
--
-- KEYS: the queue; 9 dead letters, 10 submitted:<job id>.
-- ARGV: 1 entry id, 2 the job's meta as it is to be from now on, 3 seconds to remember its id.
-- Returns 1, or 0 if there is no such dead letter.
-- include photos/fair_queue
-- include dead_letters/shared
local entry = redis.call('XRANGE', KEYS[9], ARGV[1], ARGV[1])[1]
if not entry then
  return 0
end
local fields = entry[2]
redis.call('SET', KEYS[10], '', 'EX', ARGV[3])
enqueue(person_of(fields), field_of(fields, 'kind'), ARGV[2], field_of(fields, 'body'))
return discard(KEYS[9], entry)
