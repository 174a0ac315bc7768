-- Delete a dead letter.
--
-- KEYS: the queue; 9 dead letters. ARGV: entry id.
-- Returns 1, or 0 if there is no such dead letter.
-- include photos/fair_queue
-- include dead_letters/shared
local entry = redis.call('XRANGE', KEYS[9], ARGV[1], ARGV[1])[1]
return entry and discard(KEYS[9], entry) or 0
