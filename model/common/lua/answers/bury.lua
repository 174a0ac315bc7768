-- Give an answer up: from its stream to the dead letters.
--
-- KEYS: the queue; 9 dead letters, 10 answers. ARGV: 1 group, 2 entry id, 3 reason.
-- Returns 1, or 0 if it is not there.
-- include photos/fair_queue
-- include dead_letters/shared
local entry = take_out(KEYS[10], ARGV[1], ARGV[2])
if not entry then
  return 0
end
less(bytes, 'answers', #field_of(entry[2], 'body'))
keep(KEYS[9], entry[2], 'answers', ARGV[3])
return 1
