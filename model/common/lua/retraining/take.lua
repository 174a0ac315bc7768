-- Begin an attempt.
--
-- KEYS: the slot's. ARGV: the slot's; 6 the token.
-- Returns as look, where the job is this token's now, else nothing.
-- include retraining/slot
tend()
if field('state') == 'waiting' then
  redis.call('HSET', slot, 'state', 'running', 'token', ARGV[6], 'beat', now())
  redis.call('HSETNX', slot, 'started', now())
  redis.call('HINCRBY', slot, 'attempts', 1)
elseif field('token') ~= ARGV[6] then
  return {}
end
return all()
