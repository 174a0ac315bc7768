-- Counts what a person was refused, until they are told: once for all in the same record. `what`
-- has message_id, language, reason, seconds and limit, and how many photos are `ahead`.
local function note_refused(refused, field, what)
  local read, record = pcall(cjson.decode, redis.call('HGET', refused, field) or '')
  if not read or type(record) ~= 'table' or type(record.count) ~= 'number' then
    local now = tonumber(redis.call('TIME')[1])
    record = {count = 0, message_id = tonumber(what.message_id), since = now}
  end
  record.count = record.count + 1
  record.latest_id = tonumber(what.message_id)
  record.language, record.reason, record.ahead = what.language, what.reason, what.ahead
  record.seconds, record.limit = tonumber(what.seconds), tonumber(what.limit)
  redis.call('HSET', refused, field, cjson.encode(record))
end
