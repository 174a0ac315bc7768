-- Forget a handled update, but for its name. From here on the update itself is recognised, so its
-- photo need not be.
--
-- KEYS: 1 updates, 2 updates:seen, 3 submitted:<name>.
-- ARGV: 1 name, 2 the seconds for which names are kept, 3 how many are kept.
-- include intake/seen
redis.call('HDEL', KEYS[1], ARGV[1])
note_seen(KEYS[2], {ARGV[1]}, ARGV[2], ARGV[3])
redis.call('DEL', KEYS[3])
