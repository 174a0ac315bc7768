-- Take a poll's updates in: keep those that are to be handled, note the refusal of the others. One
-- script is one wait for Redis, however many there are.
--
-- KEYS: 1 updates, 2 updates:seen, 3 refused, 4 photos, 5 waiting, 6 answers.
-- ARGV: 1 the seconds for which names of updates are kept, 2 how many are kept, 3 how many updates
-- are in hand; then for each update its name and its text, or '' where it is refused: its field in
-- `refused` or '' where nobody is told, message id, language, reason, limit, seconds.
-- Returns the names of those that were not known: first those it kept, then those it refused.
-- include intake/seen
-- include intake/note_refused
local updates, seen, refused = KEYS[1], KEYS[2], KEYS[3]
local ahead = tonumber(ARGV[3])
for i = 4, 6 do
  ahead = ahead + redis.call('XLEN', KEYS[i])
end
local kept, left_out = {}, {}
for i = 4, #ARGV, 8 do
  local name, text, field = unpack(ARGV, i, i + 2)
  if not redis.call('ZSCORE', seen, name) then
    if text ~= '' then
      redis.call('HSET', updates, name, text)
      kept[#kept + 1] = name
    else
      left_out[#left_out + 1] = name
      if field ~= '' then
        local message_id, language, reason, limit, seconds = unpack(ARGV, i + 3, i + 7)
        note_refused(refused, field, {
          message_id = message_id, language = language, reason = reason,
          limit = limit, seconds = seconds, ahead = ahead,
        })
      end
    end
  end
end
if #left_out > 0 then
  note_seen(seen, left_out, ARGV[1], ARGV[2])
end
return {kept, left_out}
