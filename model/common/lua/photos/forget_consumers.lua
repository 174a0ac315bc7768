-- Take consumers out of a group: one that leaves, and those that are gone. One that still has
-- entries stays: deleting it would lose them for good.
--
-- KEYS: stream. ARGV: 1 group, 2 the consumer that leaves, 3 the ms after which others are gone.
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
