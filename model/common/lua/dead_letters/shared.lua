-- What the scripts on dead letters share. Included after fair_queue.
--
-- Dead letters hold people's photos: enough of them to find a fault, and each for 12 hours, 24 at
-- most: each burial removes those older than DEAD_FOR, and the stream ends DEAD_FOR after the last.
local DEAD_LETTERS = 100
local DEAD_BYTES = 64000000 -- of their images; the newest stays in any case
local DEAD_FOR = 12 * 3600 -- seconds

local function discard(dead, entry)
  if redis.call('XDEL', dead, entry[1]) == 0 then
    return 0
  end
  less(bytes, 'dead', #field_of(entry[2], 'body'))
  if redis.call('XLEN', dead) == 0 then
    redis.call('HDEL', bytes, 'dead')
  end
  return 1
end

-- Take an entry out of its group's stream; nothing if it was finished before.
local function take_out(stream, group, id)
  local entry = redis.call('XRANGE', stream, id, id)[1]
  redis.call('XACK', stream, group, id)
  redis.call('XDEL', stream, id)
  return entry
end

-- Keep an entry with where it comes from, its field `of`, and the reason.
local function keep(dead, fields, of, reason)
  if redis.call('XLEN', dead) == 0 then
    redis.call('HDEL', bytes, 'dead')
  end
  fields = bounded(fields)
  for _, text in ipairs({'of', of, 'reason', reason}) do
    table.insert(fields, text)
  end
  redis.call('XADD', dead, '*', unpack(fields))
  more(bytes, 'dead', #field_of(fields, 'body'))
  local oldest = (redis.call('TIME')[1] - DEAD_FOR) * 1000
  while redis.call('XLEN', dead) > 1 do
    local first = redis.call('XRANGE', dead, '-', '+', 'COUNT', 1)[1]
    if redis.call('XLEN', dead) <= DEAD_LETTERS
      and number(redis.call('HGET', bytes, 'dead')) <= DEAD_BYTES
      and tonumber(string.match(first[1], '^%d+')) >= oldest then
      break
    end
    discard(dead, first)
  end
  redis.call('EXPIRE', dead, DEAD_FOR)
end
