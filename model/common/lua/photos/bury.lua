-- Give a photo up: from its stream to the dead letters.
--
-- KEYS: the queue; 9 dead letters, 10 answers.
-- ARGV: 1 group, 2 entry id, 3 reason, 4 the meta of the answer, or '' for none.
-- Returns 1, or 0 if the entry was finished before.
-- include photos/fair_queue
-- include dead_letters/shared
local entry = take_out(photos, ARGV[1], ARGV[2])
if not entry then
  return 0
end
local person, size = person_of(entry[2]), #field_of(entry[2], 'body')
keep(KEYS[9], entry[2], 'photos', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('XADD', KEYS[10], '*', 'person', person, 'meta', ARGV[4], 'body', '')
end
left(ARGV[2], person, size)
return 1
