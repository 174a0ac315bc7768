-- Forget refused photos of which their sender knows, or never can.
--
-- KEYS: refused. ARGV: 1 field, 2 how many of its photos.
local read, record = pcall(cjson.decode, redis.call('HGET', KEYS[1], ARGV[1]) or '')
if not read or type(record) ~= 'table' or type(record.count) ~= 'number' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  return
end
record.count = record.count - ARGV[2]
if record.count <= 0 then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  record.message_id = record.latest_id
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(record))
end
