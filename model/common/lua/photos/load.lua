-- How much there is to do, in numbers alone: the entries themselves hold photos.
--
-- KEYS: the queue; 9 answers, 10 dead letters.
-- Returns {photos without an answer, for how many ms the oldest of them waits, answers that were
-- not sent, dead letters, bytes of photos and answers}.
-- include photos/number
local photos, waiting, since, bytes = KEYS[1], KEYS[2], KEYS[5], KEYS[7]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- A photo that waited has a new id in the front. When it came is in `since`.
local oldest = math.min(now, redis.call('ZRANGE', since, 0, 0, 'WITHSCORES')[2] or now)
for _, stream in ipairs({photos, waiting}) do
  local entry = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  oldest = math.min(oldest, entry and string.match(entry[1], '^%d+') or now)
end
local held = redis.call('HMGET', bytes, 'photos', 'answers')
return {
  redis.call('XLEN', photos) + redis.call('XLEN', waiting),
  now - oldest,
  redis.call('XLEN', KEYS[9]),
  redis.call('XLEN', KEYS[10]),
  number(held[1]) + number(held[2]),
}
