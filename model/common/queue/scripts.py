"""The queue's transactions: Lua, because Redis runs a script as a whole or not at all.

MULTI/EXEC would do for writing together; but each of these first looks whether the entry is still
there, and acts on what it sees. All keys of one script share a hash tag, see `keys`.
"""

from model.common.queue.fair_queue import PRELUDE

# Part of FINISH. `ms` is how long the workers together take for a photo: the mean of the times from
# one answer to the next, over some last MEAN_OVER of `n`, while there was always something to do.
# One time counts for LONGEST_MS at most: a worker that died and came back is not slow.
MEAN_OVER, LONGEST_MS = 32, 2000
TIMED = f"""
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local at, busy, n, ms = unpack(redis.call('HMGET', tempo, 'at', 'busy', 'n', 'ms'))
n, ms = tonumber(n or 0), tonumber(ms or 0)
if busy == '1' then
  n = n + 1
  ms = ms + (math.min(now - at, {LONGEST_MS}) - ms) / math.min(n, {MEAN_OVER})
end
local still = redis.call('XLEN', photos) > 0 and '1' or '0'
redis.call('HSET', tempo, 'at', string.format('%.0f', now), 'busy', still, 'n', n, 'ms', ms)
"""

# KEYS: the queue, answers, tempo. ARGV: group, entry id, the answer's meta, its body, the person,
# the photo's bytes. Returns 1, or 0 where the entry was finished before: then nothing is written.
# XDEL comes first because it also makes room: out of memory, Redis would refuse a leading XADD.
FINISH = f"""{PRELUDE}
local tempo = KEYS[10]
redis.call('XACK', photos, ARGV[1], ARGV[2])
if redis.call('XDEL', photos, ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', KEYS[9], '*', 'meta', ARGV[3], 'body', ARGV[4])
redis.call('HINCRBY', bytes, 'answers', #ARGV[4])
left(ARGV[2], ARGV[5], ARGV[6])
{TIMED}
return 1
"""

# KEYS: the queue. Fills the front up. Returns how many photos came to it.
REFILL = f"""{PRELUDE}
return refill()
"""

# KEYS: answers, bytes. ARGV: group, entry id, the bytes of the answer's picture.
DONE = """
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
local deleted = redis.call('XDEL', KEYS[1], ARGV[2])
if redis.call('XLEN', KEYS[1]) == 0 then
  redis.call('HDEL', KEYS[2], 'answers')
elseif deleted == 1 and redis.call('HINCRBY', KEYS[2], 'answers', 0 - ARGV[3]) <= 0 then
  redis.call('HDEL', KEYS[2], 'answers')
end
"""

# KEYS: the queue, dead letters, pace:<person>. ARGV: workers' group, a person's Telegram id.
# Deletes the person's photos that are no longer waiting for a first answer: those to be redrawn for
# a correction, and those that were given up. Returns how many. A worker that has one in hand finds
# it gone when it finishes. How fast the person sends is forgotten, too; what they have waiting is
# counted until it is answered, and holds back whoever would use this to send more.
FORGET_PERSON = f"""{PRELUDE}
local dead = KEYS[9]
local deleted, still_waiting = 0, false
for _, stream in ipairs({{photos, waiting, dead}}) do
  local after = '-'
  while after do
    -- Few at a time: each holds a photo.
    local entries = redis.call('XRANGE', stream, after, '+', 'COUNT', 10)
    after = nil
    for _, entry in ipairs(entries) do
      local id, meta = entry[1], meta_of(entry[2])
      local size = #field_of(entry[2], 'body')
      if person_of(meta) == ARGV[2] then
        if stream == dead then
          deleted = deleted + redis.call('XDEL', dead, id)
          less(bytes, 'dead', size)
        elseif type(meta.correction) == 'table' then
          if stream == photos then
            redis.call('XACK', photos, ARGV[1], id)
            redis.call('ZREM', since, id)
          else
            redis.call('ZREM', order, id)
          end
          deleted = deleted + redis.call('XDEL', stream, id)
          less(unanswered, ARGV[2], 1)
          less(bytes, 'photos', size)
        elseif stream == waiting then
          still_waiting = true
        end
      end
      after = '(' .. id
    end
  end
end
if not still_waiting then
  redis.call('HDEL', tags, ARGV[2])
end
redis.call('DEL', KEYS[10])
refill()
return deleted
"""

# KEYS: the queue, answers, dead letters. Returns {photos without an answer, for how many ms the
# oldest of them waits, answers that were not sent, dead letters, bytes of photos and answers}.
# Its replies are numbers alone: the entries themselves hold photos.
LOAD = """
local photos, waiting, since = KEYS[1], KEYS[2], KEYS[5]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- A photo that waited has a new id in the front. When it came is in `since`.
local oldest = math.min(now, redis.call('ZRANGE', since, 0, 0, 'WITHSCORES')[2] or now)
for _, stream in ipairs({photos, waiting}) do
  local entry = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  oldest = math.min(oldest, entry and string.match(entry[1], '^%d+') or now)
end
local held = redis.call('HMGET', KEYS[7], 'photos', 'answers')
return {
  redis.call('XLEN', photos) + redis.call('XLEN', waiting),
  now - oldest,
  redis.call('XLEN', KEYS[9]),
  redis.call('XLEN', KEYS[10]),
  tonumber(held[1] or 0) + tonumber(held[2] or 0),
}
"""

# KEYS: stream. ARGV: group, the consumer that leaves, milliseconds after which others count as
# gone. A consumer that still has entries stays: deleting it would lose them for good.
FORGET_CONSUMERS = """
for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #flat, 2 do
    consumer[flat[i]] = flat[i + 1]
  end
  local gone = consumer.name == ARGV[2] or consumer.idle > tonumber(ARGV[3])
  if gone and consumer.pending == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
  end
end
"""
