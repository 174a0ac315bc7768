-- Keep a correction, if it may be kept. The consent is asked in the moment of the writing: so
-- nothing is kept once /forget or a "no" has come through, whatever was on its way before.
--
-- KEYS: 1 consent, 2 corrections, 3 thumbnails, 4 corrections of the person, 5 the answer's record.
-- ARGV: 1 person, 2 id, 3 sealed correction, 4 sealed thumbnail, 5 the turn that the record must be
-- at or '', 6 how many to keep of one person.
-- Returns 1, or 0 if nothing was kept.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= 'yes' then
  return 0
end
if ARGV[5] ~= '' and redis.call('HGET', KEYS[5], 'turn') ~= ARGV[5] then
  return 0
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[4])
-- In the order of their keeping, not by their date, which nobody else is to read.
local newest = redis.call('ZREVRANGE', KEYS[4], 0, 0, 'WITHSCORES')[2] or 0
redis.call('ZADD', KEYS[4], newest + 1, ARGV[2])
local beyond = redis.call('ZCARD', KEYS[4]) - ARGV[6]
if beyond > 0 then
  for _, id in ipairs(redis.call('ZRANGE', KEYS[4], 0, beyond - 1)) do
    redis.call('HDEL', KEYS[2], id)
    redis.call('HDEL', KEYS[3], id)
    redis.call('ZREM', KEYS[4], id)
  end
end
return 1
