-- Take, renew or give back the bot's lease.
--
-- KEYS: lease. ARGV: 1 what our values begin with, 2 our new value, or '' to give it back, 3 the
-- value of a holder that is gone or '', 4 for how many ms it lasts.
-- Returns the value that holds now.
local held = redis.call('GET', KEYS[1])
local ours = held and string.sub(held, 1, #ARGV[1]) == ARGV[1]
if ARGV[2] == '' then
  if ours then
    redis.call('DEL', KEYS[1])
  end
  return ''
end
if held and not ours and held ~= ARGV[3] then
  return held
end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
return ARGV[2]
