-- Deletes what was kept of a person; `kept` are the ids.
--
-- KEYS of the scripts that include it: 1 consent, 2 corrections, 3 thumbnails, 4 corrections of the
-- person.
local kept = redis.call('ZRANGE', KEYS[4], 0, -1)
for _, id in ipairs(kept) do
  redis.call('HDEL', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
end
redis.call('DEL', KEYS[4])
