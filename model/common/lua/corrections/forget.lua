-- Delete all that was kept of a person.
--
-- KEYS: 1 consent, 2 corrections, 3 thumbnails, 4 corrections of the person, 5 answers to them,
-- 6 what was corrected by them, 7 their undone, 8 the order of all answers, 9 the bytes of all.
-- ARGV: 1 person, 2 the prefix of records.
-- Returns how many kept corrections, records and consents were deleted.
-- include corrections/remove_kept
local records = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  local size = redis.call('HGET', ARGV[2] .. id, 'size')
  if size and redis.call('ZREM', KEYS[8], id .. ' ' .. size) == 1 then
    redis.call('DECRBY', KEYS[9], size)
  end
  records = records + redis.call('DEL', ARGV[2] .. id)
end
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7])
if redis.call('EXISTS', KEYS[8]) == 0 then
  redis.call('DEL', KEYS[9])
end
return {#kept, records, redis.call('HDEL', KEYS[1], ARGV[1])}
