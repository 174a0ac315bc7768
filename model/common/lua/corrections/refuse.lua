-- Note a "no", and delete what was kept of the person.
--
-- KEYS: 1 consent, 2 corrections, 3 thumbnails, 4 corrections of the person. ARGV: person.
-- Returns how many corrections were deleted.
redis.call('HSET', KEYS[1], ARGV[1], 'no')
-- include corrections/remove_kept
return #kept
