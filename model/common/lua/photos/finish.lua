-- Take a photo out of its stream and put its answer into another.
--
-- KEYS: the queue; 9 answers, 10 tempo.
-- ARGV: 1 group, 2 entry id, 3 the answer's meta, 4 its body, 5 the person, 6 the photo's bytes.
-- Returns 1, or 0 if the entry was finished before: then nothing is written.
-- include photos/fair_queue
local answers, tempo = KEYS[9], KEYS[10]

-- `tempo.ms` is how long the workers together take for a photo: the mean of the times from one
-- answer to the next, over some last MEAN_OVER of `n`, while there was always something to do. One
-- time counts for LONGEST_MS at most: a worker that died and came back is not slow.
local MEAN_OVER, LONGEST_MS = 32, 2000

-- XDEL comes first because it also makes room: out of memory, Redis would refuse a leading XADD.
redis.call('XACK', photos, ARGV[1], ARGV[2])
if redis.call('XDEL', photos, ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', answers, '*', 'person', ARGV[5], 'meta', ARGV[3], 'body', ARGV[4])
more(bytes, 'answers', #ARGV[4])
left(ARGV[2], ARGV[5], ARGV[6])

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local at, busy, n, ms = unpack(redis.call('HMGET', tempo, 'at', 'busy', 'n', 'ms'))
at, n, ms = number(at), number(n), number(ms)
-- Where the clock was set back, nobody knows how long it took.
if busy == '1' and now >= at then
  n = n + 1
  ms = ms + (math.min(now - at, LONGEST_MS) - ms) / math.min(n, MEAN_OVER)
end
local still = redis.call('XLEN', photos) > 0 and '1' or '0'
redis.call('HSET', tempo, 'at', string.format('%.0f', now), 'busy', still, 'n', n, 'ms', ms)
return 1
