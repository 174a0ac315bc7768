"""The dead letters' transactions: what is given up, and what becomes of it."""

from model.common.queue.fair_queue import PRELUDE

# Dead letters hold people's photos: enough of them to find a fault, and none for over 24 hours.
# Each burial removes those older than DEAD_FOR, and the stream ends DEAD_FOR after the last one.
DEAD_LETTERS = 100
DEAD_BYTES = 64_000_000  # of their images; the newest stays in any case
DEAD_FOR = 12 * 3600  # seconds

# Which stream a dead letter comes from is its field `of`.
_KEEP = f"""
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

local function keep(dead, fields, stream, reason)
  if redis.call('XLEN', dead) == 0 then
    redis.call('HDEL', bytes, 'dead')
  end
  for _, text in ipairs({{'of', stream, 'reason', reason}}) do
    table.insert(fields, text)
  end
  redis.call('XADD', dead, '*', unpack(fields))
  redis.call('HINCRBY', bytes, 'dead', #field_of(fields, 'body'))
  local oldest = (redis.call('TIME')[1] - {DEAD_FOR}) * 1000
  while redis.call('XLEN', dead) > 1 do
    local first = redis.call('XRANGE', dead, '-', '+', 'COUNT', 1)[1]
    if redis.call('XLEN', dead) <= {DEAD_LETTERS}
      and tonumber(redis.call('HGET', bytes, 'dead') or 0) <= {DEAD_BYTES}
      and tonumber(string.match(first[1], '^%d+')) >= oldest then
      break
    end
    discard(dead, first)
  end
  redis.call('EXPIRE', dead, {DEAD_FOR})
end
"""

# KEYS: the queue, dead letters, answers. ARGV: group, entry id, reason, the meta of the answer or
# '' for none. Returns 1, or 0 where the entry was finished before.
BURY = f"""{PRELUDE}{_KEEP}
local entry = redis.call('XRANGE', photos, ARGV[2], ARGV[2])[1]
redis.call('XACK', photos, ARGV[1], ARGV[2])
if not entry then
  return 0
end
redis.call('XDEL', photos, ARGV[2])
local person, size = person_of(meta_of(entry[2])), #field_of(entry[2], 'body')
keep(KEYS[9], entry[2], 'photos', ARGV[3])
if ARGV[4] ~= '' then
  redis.call('XADD', KEYS[10], '*', 'meta', ARGV[4], 'body', '')
end
left(ARGV[2], person, size)
return 1
"""

# KEYS: the queue, dead letters, answers. ARGV: group, entry id, reason. The same for an answer.
BURY_ANSWER = f"""{PRELUDE}{_KEEP}
local answers = KEYS[10]
local entry = redis.call('XRANGE', answers, ARGV[2], ARGV[2])[1]
redis.call('XACK', answers, ARGV[1], ARGV[2])
if not entry then
  return 0
end
redis.call('XDEL', answers, ARGV[2])
less(bytes, 'answers', #field_of(entry[2], 'body'))
keep(KEYS[9], entry[2], 'answers', ARGV[3])
return 1
"""

# KEYS: the queue, dead letters, submitted:<job id>. ARGV: entry id, the job's meta as it is to be
# from now on, seconds to remember its id. Returns 1, or 0 where there is no such dead letter.
RETRY = f"""{PRELUDE}{_KEEP}
local entry = redis.call('XRANGE', KEYS[9], ARGV[1], ARGV[1])[1]
if not entry then
  return 0
end
redis.call('SET', KEYS[10], '', 'EX', ARGV[3])
enqueue(ARGV[2], field_of(entry[2], 'body'))
return discard(KEYS[9], entry)
"""

# KEYS: the queue, dead letters. ARGV: entry id. Returns 1, or 0 where there is no such dead letter.
DISCARD = f"""{PRELUDE}{_KEEP}
local entry = redis.call('XRANGE', KEYS[9], ARGV[1], ARGV[1])[1]
return entry and discard(KEYS[9], entry) or 0
"""
