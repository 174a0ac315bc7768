-- Delete all that was kept of a person.
--
-- KEYS: 1 consent, 2 corrections, 3 thumbnails, 4 corrections of the person, 5 answers to them,
-- 6 what was corrected by them, 7 their undone. ARGV: 1 person, 2 the prefix of records.
-- Returns how many kept corrections, records and consents were deleted.
-- include remove_kept
local records = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  records = records + redis.call('DEL', ARGV[2] .. id)
end
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7])
return {#kept, records, redis.call('HDEL', KEYS[1], ARGV[1])}
