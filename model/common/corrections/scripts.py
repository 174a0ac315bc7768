"""The transactions of corrections, in Lua like those of `model.common.queue.scripts`.

A record is the hash ANSWERED + id: `answer`, what was answered, and `choice`, what a person said
of it (both sealed), `turn`, how often that changed, and `menu`, there while its classes are open.
"""

# An answer that is sent a second time may have been corrected in between, and stays as it is.
# KEYS: record, answers of the person. ARGV: the sealed answer, its sealed id, now, seconds until it
# is forgotten.
REMEMBER = """
redis.call('HSETNX', KEYS[1], 'answer', ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[2], 0, ARGV[3] - ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
"""

# Whether the person consents is asked here, in the same moment as the correction is written: so
# nothing is kept once /forget or a "no" has come through, whatever was on its way before.
# KEYS: consent, corrections, thumbnails, corrections of the person, the answer's record.
# ARGV: person, id, sealed correction, sealed thumbnail, the turn that the record must be at or '',
# how many to keep of one person. Returns 1, or 0 where nothing was kept.
KEEP = """
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
"""

# What was kept of the old choice goes at once: it was declared wrong.
# KEYS: record, count, corrections, thumbnails, corrections of the photo's sender, what was
# corrected by the old choice's person, the same by the new one's, undone.
# ARGV: id, the old choice as it was read or '', the new one or '', which count the old one is in
# or '', the same of the new one, now, seconds until the new one is forgotten, what to write into
# undone or ''. Returns the turn, -1 where there is no record, -2 where the choice changed.
CHOOSE = """
if redis.call('HEXISTS', KEYS[1], 'answer') == 0 then
  return -1
end
if (redis.call('HGET', KEYS[1], 'choice') or '') ~= ARGV[2] then
  return -2
end
if ARGV[2] ~= '' then
  redis.call('HINCRBY', KEYS[2], ARGV[4], -1)
  redis.call('ZREM', KEYS[6], ARGV[1])
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[1], 'choice', ARGV[3])
  redis.call('HINCRBY', KEYS[2], ARGV[5], 1)
  redis.call('ZADD', KEYS[7], ARGV[6], ARGV[1])
  redis.call('EXPIRE', KEYS[7], ARGV[7])
else
  redis.call('HDEL', KEYS[1], 'choice')
end
redis.call('HDEL', KEYS[1], 'menu')
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if ARGV[8] ~= '' then
  redis.call('SET', KEYS[8], ARGV[8], 'EX', ARGV[7])
end
return redis.call('HINCRBY', KEYS[1], 'turn', 1)
"""

# KEYS: record. Returns the new turn, or -1 where there is no record.
TURN = """
if redis.call('HEXISTS', KEYS[1], 'answer') == 0 then
  return -1
end
return redis.call('HINCRBY', KEYS[1], 'turn', 1)
"""

# KEYS: record. ARGV: 1 or 0. Never makes a record that is not there.
MENU = """
if redis.call('HEXISTS', KEYS[1], 'answer') == 1 then
  if ARGV[1] == '1' then
    redis.call('HSET', KEYS[1], 'menu', '1')
  else
    redis.call('HDEL', KEYS[1], 'menu')
  end
end
"""

_REMOVE_KEPT = """
local kept = redis.call('ZRANGE', KEYS[4], 0, -1)
for _, id in ipairs(kept) do
  redis.call('HDEL', KEYS[2], id)
  redis.call('HDEL', KEYS[3], id)
end
redis.call('DEL', KEYS[4])
"""

# KEYS: consent, corrections, thumbnails, corrections of the person. ARGV: person.
# Returns how many corrections were deleted.
REFUSE = (
    "redis.call('HSET', KEYS[1], ARGV[1], 'no')"
    + _REMOVE_KEPT
    + """
return #kept
"""
)

# KEYS: consent, corrections, thumbnails, corrections of the person, answers to them, what was
# corrected by them, their undone. ARGV: person, the prefix of records.
# Returns how many kept corrections, records and consents were deleted.
FORGET = (
    _REMOVE_KEPT
    + """
local records = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[5], 0, -1)) do
  records = records + redis.call('DEL', ARGV[2] .. id)
end
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7])
return {#kept, records, redis.call('HDEL', KEYS[1], ARGV[1])}
"""
)
