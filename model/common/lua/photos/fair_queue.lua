-- The fair order of photos: what the scripts that move photos share. See docs/promises/queue.md.
--
-- KEYS[1…8] of each of them: photos, waiting, order, tags, since, unanswered, bytes, workers
-- (`keys.QUEUE`).
--
-- A photo stands in the stream `photos`, the front, where workers take it; or behind it in
-- `waiting`. Start-time fair queueing decides who comes next to the front: a photo that must wait
-- gets the tag max(virtual time, the person's last tag) + 1, the smallest tag goes first, and the
-- virtual time is the tag of the last that went. So everybody's first photo stands before anybody's
-- second, and who sends five hundred delays another by the front alone.
--
-- An entry has the fields `person` (whose it is), `kind` ("photo" or "correction"), `meta` and
-- `body`, which only the programs read.
--
-- A write that Redis allows when it is out of memory has to come first in each script: then it also
-- allows those that follow. And what could fail comes before a deletion: a script that ends with an
-- error keeps what it has written.

-- include photos/number
local photos, waiting, order, tags, since, unanswered, bytes, workers = unpack(KEYS, 1, 8)

-- Photos in the front for each worker: two batches, so that none waits while the next comes up.
local FRONT_OF_A_WORKER = 16
-- The front is long enough for at least this many workers: one may be about to start.
local FEWEST_WORKERS = 2

local function field_of(fields, name)
  for i = 1, #fields, 2 do
    if fields[i] == name then
      return fields[i + 1]
    end
  end
  return ''
end

-- An entry that somebody made by hand may have more fields than a call can take.
local function bounded(fields)
  return #fields <= 100 and fields or {'reason', 'it has too many fields'}
end

local function person_of(fields)
  local person = field_of(fields, 'person')
  return person ~= '' and person or '?'
end

-- More of something that is counted in a hash; the count then.
local function more(hash, field, amount)
  local count = redis.pcall('HINCRBY', hash, field, amount)
  if type(count) == 'table' then -- an error: somebody put something else there
    redis.call('HDEL', hash, field)
    count = redis.call('HINCRBY', hash, field, amount)
  end
  return count
end

-- Less of something that is counted in a hash. What comes to nothing is not kept there.
local function less(hash, field, amount)
  -- Not -amount: Redis would not take the -0 that it may be.
  if more(hash, field, 0 - amount) <= 0 then
    redis.call('HDEL', hash, field)
  end
end

local function front_is_short()
  local most = FRONT_OF_A_WORKER * math.max(FEWEST_WORKERS, redis.call('HLEN', workers))
  return redis.call('XLEN', photos) < most
end

-- Move one photo to the front: the next by its tag. Without any tag it was put there by hand.
local function promote()
  local id, tag = unpack(redis.call('ZRANGE', order, 0, 0, 'WITHSCORES'))
  if id then
    redis.call('ZREM', order, id)
    redis.call('HSET', tags, 'time', tag)
  else
    id = redis.call('XRANGE', waiting, '-', '+', 'COUNT', 1)[1][1]
  end
  local entry = redis.call('XRANGE', waiting, id, id)[1]
  if not entry then
    return
  end
  local person = person_of(entry[2])
  if tag and number(redis.call('HGET', tags, person)) <= tonumber(tag) then
    redis.call('HDEL', tags, person)
  end
  local moved = redis.call('XADD', photos, '*', unpack(bounded(entry[2])))
  redis.call('ZADD', since, string.match(id, '^%d+'), moved)
  redis.call('XDEL', waiting, id)
end

-- Fill the front up; called wherever it may have become shorter. How many photos came to it.
local function refill()
  if redis.call('XLEN', waiting) == 0 then
    return 0
  end
  local moved = 0
  while redis.call('XLEN', waiting) > 0 and front_is_short() do
    promote()
    moved = moved + 1
  end
  if redis.call('XLEN', waiting) == 0 then
    redis.call('DEL', order, tags)
  end
  return moved
end

-- Queue a photo; how many stand before it.
local function enqueue(person, kind, meta, body)
  local fields = {'person', person, 'kind', kind, 'meta', meta, 'body', body}
  local ahead = redis.call('XLEN', photos)
  if redis.call('XLEN', waiting) == 0 and front_is_short() then
    redis.call('XADD', photos, '*', unpack(fields))
  else
    local id = redis.call('XADD', waiting, '*', unpack(fields))
    local time, last = unpack(redis.call('HMGET', tags, 'time', person))
    local tag = string.format('%.0f', math.max(number(time), number(last)) + 1)
    redis.call('ZADD', order, tag, id)
    redis.call('HSET', tags, person, tag)
    ahead = ahead + redis.call('ZRANK', order, id)
  end
  more(unanswered, person, 1)
  more(bytes, 'photos', #body)
  refill()
  return ahead
end

-- A photo has left the front for good.
local function left(id, person, size)
  redis.call('ZREM', since, id)
  less(unanswered, person, 1)
  less(bytes, 'photos', size)
  refill()
end
