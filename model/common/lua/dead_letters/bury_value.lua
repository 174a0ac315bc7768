-- Give up a value that nothing can be done with: from a hash, or a stream without groups, to the
-- dead letters.
--
-- KEYS: the queue; 9 dead letters, 10 the hash or the stream.
-- ARGV: 1 field or entry id, 2 where it comes from, 3 reason.
-- Returns 1, or 0 if it is not there.
-- include photos/fair_queue
-- include dead_letters/shared
local source, name = KEYS[10], ARGV[1]
local fields
if redis.call('TYPE', source).ok == 'hash' then
  local value = redis.call('HGET', source, name)
  if not value then
    return 0
  end
  fields = {'name', name, 'body', value}
  redis.call('HDEL', source, name)
else
  local entry = redis.call('XRANGE', source, name, name)[1]
  if not entry then
    return 0
  end
  fields = entry[2]
  redis.call('XDEL', source, name)
end
keep(KEYS[9], fields, ARGV[2], ARGV[3])
return 1
