-- Remember an answer. One that is sent a second time may have been corrected in between, and stays
-- as it is. The oldest answers of all are forgotten: after their time, and where all together
-- weigh too much.
--
-- KEYS: 1 record, 2 answers of the person, 3 the order of all, 4 the bytes of all.
-- ARGV: 1 the sealed answer, 2 its sealed id, 3 now, 4 seconds until it is forgotten, 5 the bytes
-- that all may weigh, 6 the person, 7 the prefix of records, 8 the prefix of persons' answers.
local record, now, seconds = KEYS[1], tonumber(ARGV[3]), tonumber(ARGV[4])

-- What Redis needs for a record and its places in both orders, beyond the sealed answer.
local OVERHEAD = 700
-- Dropped by one call: more than arrive, but few enough that others need not wait.
local MOST_DROPPED = 100

-- What somebody put there by hand is no count.
if not string.match(redis.call('GET', KEYS[4]) or '0', '^-?%d+$') then
  redis.call('DEL', KEYS[4])
end
if redis.call('HSETNX', record, 'answer', ARGV[1]) == 1 then
  local size = #ARGV[1] + OVERHEAD
  redis.call('HSET', record, 'of', ARGV[6], 'size', size)
  redis.call('ZADD', KEYS[3], now, ARGV[2] .. ' ' .. size)
  redis.call('INCRBY', KEYS[4], size)
end
redis.call('EXPIRE', record, seconds)
redis.call('ZADD', KEYS[2], now, ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, now - seconds)
for i = 2, 4 do
  redis.call('EXPIRE', KEYS[i], seconds)
end

for _ = 1, MOST_DROPPED do
  local oldest = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  local heavy = tonumber(redis.call('GET', KEYS[4]) or 0) > tonumber(ARGV[5])
  if not oldest[1] or not heavy and tonumber(oldest[2]) >= now - seconds then
    break
  end
  local id, size = string.match(oldest[1], '^(%S+) (%d+)$')
  redis.call('ZREM', KEYS[3], oldest[1])
  if id then
    local of = redis.call('HGET', ARGV[7] .. id, 'of')
    if of then
      redis.call('ZREM', ARGV[8] .. of, id)
    end
    redis.call('DEL', ARGV[7] .. id)
    redis.call('DECRBY', KEYS[4], size)
  end
end
