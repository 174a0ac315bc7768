-- Delete a person's photos that no longer wait for a first answer: those to be redrawn for a
-- correction, and those that were given up.
--
-- A worker that has one in hand finds it gone when it finishes. How fast the person sends is
-- forgotten, too. What they have waiting still counts until it is answered, so forgetting is no way
-- to send more.
--
-- KEYS: the queue; 9 dead letters, 10 pace:<person>. ARGV: 1 the workers' group, 2 the person.
-- Returns how many were deleted.
-- include photos/fair_queue
local dead = KEYS[9]
local deleted, last_tag = 0, false
for _, stream in ipairs({photos, waiting, dead}) do
  local after = '-'
  while after do
    -- Few at a time: each holds a photo.
    local entries = redis.call('XRANGE', stream, after, '+', 'COUNT', 10)
    after = nil
    for _, entry in ipairs(entries) do
      local id, fields = entry[1], entry[2]
      local size = #field_of(fields, 'body')
      if person_of(fields) == ARGV[2] then
        if stream == dead then
          deleted = deleted + redis.call('XDEL', dead, id)
          less(bytes, 'dead', size)
        elseif field_of(fields, 'kind') == 'correction' then
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
          last_tag = redis.call('ZSCORE', order, id) or last_tag
        end
      end
      after = '(' .. id
    end
  end
end
-- A tag later than that of their last photo would stay once all of them have gone to the front.
if not last_tag then
  redis.call('HDEL', tags, ARGV[2])
elseif tonumber(last_tag) < tonumber(redis.call('HGET', tags, ARGV[2]) or 0) then
  redis.call('HSET', tags, ARGV[2], last_tag)
end
redis.call('DEL', KEYS[10])
refill()
return deleted
