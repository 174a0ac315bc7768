"""The queue's transactions: Lua, because Redis runs a script as a whole or not at all.

MULTI/EXEC would do for writing together; but each of these first looks whether the entry is still
there, and acts on what it sees. All keys of one script share a hash tag, see `keys`.
"""

# KEYS: photos, submitted:<id>. ARGV: capacity, seconds to remember the id, meta, body.
# Returns {1 or 0: whether the queue has the photo, how many were waiting}.
SUBMIT = """
local waiting = redis.call('XLEN', KEYS[1])
if redis.call('EXISTS', KEYS[2]) == 1 then
  return {1, math.max(waiting - 1, 0)}
end
if waiting >= tonumber(ARGV[1]) then
  return {0, waiting}
end
redis.call('XADD', KEYS[1], '*', 'meta', ARGV[3], 'body', ARGV[4])
redis.call('SET', KEYS[2], '', 'EX', ARGV[2])
return {1, waiting}
"""

# KEYS: photos, answers. ARGV: group, entry id, the answer's meta, its body.
# Returns 1, or 0 where the entry was finished before: then nothing is written.
# XDEL comes first because it also makes room: out of memory, Redis would refuse a leading XADD.
FINISH = """
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if redis.call('XDEL', KEYS[1], ARGV[2]) == 0 then
  return 0
end
redis.call('XADD', KEYS[2], '*', 'meta', ARGV[3], 'body', ARGV[4])
return 1
"""

# KEYS: the entry's stream, dead letters, answers. ARGV: group, entry id, reason, the meta of the
# answer or '' for none, how many dead letters to keep, for how many seconds: see bury_args.
# Returns 1, or 0 where the entry was finished before.
BURY = """
local entry = redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if not entry then
  return 0
end
redis.call('XDEL', KEYS[1], ARGV[2])
local fields = entry[2]
table.insert(fields, 'reason')
table.insert(fields, ARGV[3])
redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[5], '*', unpack(fields))
local oldest = redis.call('TIME')[1] - ARGV[6]
redis.call('XTRIM', KEYS[2], 'MINID', string.format('%.0f', oldest * 1000))
redis.call('EXPIRE', KEYS[2], ARGV[6])
if ARGV[4] ~= '' then
  redis.call('XADD', KEYS[3], '*', 'meta', ARGV[4], 'body', '')
end
return 1
"""

# KEYS: photos, dead letters. ARGV: workers' group, a person's Telegram id.
# Deletes the person's photos that are no longer waiting for a first answer: those to be redrawn for
# a correction, and those that were given up. Returns how many. A worker that has one in hand finds
# it gone when it finishes.
FORGET_PERSON = """
local person = tonumber(ARGV[2])
local function meta_of(entry)
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'meta' then
      local read, meta = pcall(cjson.decode, entry[2][i + 1])
      return read and type(meta) == 'table' and meta or {}
    end
  end
  return {}
end
local deleted = 0
for number, stream in ipairs(KEYS) do
  local after = '-'
  while after do
    -- Few at a time: each holds a photo.
    local entries = redis.call('XRANGE', stream, after, '+', 'COUNT', 10)
    after = nil
    for _, entry in ipairs(entries) do
      local meta = meta_of(entry)
      if meta.user_id == person and (number == 2 or type(meta.correction) == 'table') then
        if number == 1 then
          redis.call('XACK', stream, ARGV[1], entry[1])
        end
        deleted = deleted + redis.call('XDEL', stream, entry[1])
      end
      after = '(' .. entry[1]
    end
  end
end
return deleted
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

# Dead letters hold people's photos: enough of them to find a fault, and none for over 24 hours.
# Each burial removes those older than DEAD_FOR, and the stream ends DEAD_FOR after the last one.
DEAD_LETTERS = 1000
DEAD_FOR = 12 * 3600  # seconds


def bury_args(
    group: str, entry_id: bytes, reason: str, answer_meta: bytes = b""
) -> list[str | bytes | int]:
    """The arguments of BURY."""
    return [group, entry_id, reason, answer_meta, DEAD_LETTERS, DEAD_FOR]
