-- Take a photo in, or refuse it: the queue's entrance.
--
-- KEYS: the queue; 9 answers, 10 refused, 11 submitted:<id>, 12 pace:<person>, 13 tempo.
-- ARGV:
--   1 "submit", or "admit" to look only     2 "photo" or "correction"
--   3 the person                            4 the photo's bytes
--   5 photos a minute and 6 jobs without an answer that a person may have, 0 for any number
--   7 photos and 8 bytes that the queue holds
--   9 seconds to remember a photo that is queued
--  10 its field in `refused`               11 message id               12 language
--  13 meta                                 14 body
--  15 the seconds that a photo may wait, 0 for any number
-- Returns {what became of it, photos ahead, seconds until the person has room}. The first is
-- "queued", "admitted", "known" (it was queued before), or why it is refused: "too_many",
-- "too_fast" or "full".
-- include photos/fair_queue
-- include intake/note_refused
local answers, refused, submitted, pace, tempo = unpack(KEYS, 9, 13)
local person, size = ARGV[3], tonumber(ARGV[4])
local per_minute, most_waiting = tonumber(ARGV[5]), tonumber(ARGV[6])

-- Seconds for which a refused photo is refused again without being counted again: until its update
-- is surely done with. A flood leaves many of these.
local REFUSED_FOR = 600
-- The workers' pace is known while they answer. This many seconds after the last answer it no longer
-- is, and photos wait for a worker to come.
local PACE_HOLDS = 10
-- Times from one answer to the next that are a pace: the answers of a batch come in a rush.
local FEWEST_TIMES = 16
local MINUTE = 60000000 -- in µs

local unanswered_photos = redis.call('XLEN', photos) + redis.call('XLEN', waiting)
local total = unanswered_photos + redis.call('XLEN', answers)

local before = redis.call('GET', submitted)
if before == '' then
  return {'known', math.max(unanswered_photos - 1, 0), 0}
elseif before then
  return {before, total, 0}
end

-- Entries deleted by hand leave the counts too high. An empty queue shows that.
if unanswered_photos == 0 and redis.call('EXISTS', unanswered) == 1 then
  redis.call('DEL', unanswered, order, tags, since)
  redis.call('HDEL', bytes, 'photos')
end

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]

-- The reader of `refused` tells the person, once for all photos in the same record.
local function refuse(reason, seconds, limit)
  if ARGV[2] == 'photo' then
    note_refused(refused, ARGV[10], {
      message_id = ARGV[11], language = ARGV[12], reason = reason,
      limit = limit, seconds = seconds, ahead = total,
    })
    redis.call('SET', submitted, reason, 'EX', REFUSED_FOR)
  end
  return {reason, total, seconds}
end

-- How many seconds this person's photo would wait; 0 if nobody can say.
local function wait()
  local at, n, ms = unpack(redis.call('HMGET', tempo, 'at', 'n', 'ms'))
  if number(n) < FEWEST_TIMES or math.abs(now / 1000 - number(at)) > PACE_HOLDS * 1000 then
    return 0
  end
  local time, last = unpack(redis.call('HMGET', tags, 'time', person))
  local tag = math.max(number(time), number(last)) + 1
  return (redis.call('XLEN', photos) + redis.call('ZCOUNT', order, '-inf', tag)) * number(ms) / 1000
end

if most_waiting > 0 then
  if number(redis.call('HGET', unanswered, person)) >= most_waiting then
    return refuse('too_many', 0, most_waiting)
  end
end

-- The limit of photos a minute is GCRA's: a person's `pace` is the time at which all that they sent
-- would have been due at the permitted rate. It may be a minute ahead of now, no more: one that is
-- further ahead was written before the clock was set back, and counts no longer.
local due = 0
if per_minute > 0 and ARGV[2] == 'photo' then
  local sent = number(redis.call('GET', pace))
  if sent > now + MINUTE then
    sent = 0
  end
  due = math.max(now, sent) + MINUTE / per_minute
  local too_early = due - MINUTE - now
  if too_early > 0 then
    return refuse('too_fast', math.ceil(too_early / 1000000), per_minute)
  end
end

-- An empty queue takes any photo, or one that is larger than the queue would wait for ever.
local held = redis.call('HMGET', bytes, 'photos', 'answers')
local heavy = size + number(held[1]) + number(held[2]) > tonumber(ARGV[8])
if total >= tonumber(ARGV[7]) or (heavy and total > 0) then
  return refuse('full', 0, tonumber(ARGV[7]))
end
if tonumber(ARGV[15]) > 0 and ARGV[2] == 'photo' and wait() > tonumber(ARGV[15]) then
  return refuse('full', 0, tonumber(ARGV[7]))
end

if ARGV[1] == 'admit' then
  return {'admitted', unanswered_photos, 0}
end
local ahead = enqueue(person, ARGV[2], ARGV[13], ARGV[14])
redis.call('SET', submitted, '', 'EX', ARGV[9])
if due > 0 then
  redis.call('SET', pace, string.format('%.0f', due), 'PX', math.ceil((due - now) / 1000))
end
return {'queued', ahead, 0}
