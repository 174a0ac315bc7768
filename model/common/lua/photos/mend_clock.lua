-- Where the clock was set back, what workers hold counts as handed out now.
--
-- Redis remembers by its clock when it handed an entry out. After the clock is set back by an hour,
-- a dead worker's photos would be taken over an hour late.
--
-- KEYS: 1 photos, 2 clock: the latest time that was seen, in ms. ARGV: group.
-- Returns how many entries are held, where the clock was set back; else 0.
-- include photos/number
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local latest = number(redis.call('GET', KEYS[2]))
if math.abs(now - latest) >= 1000 then
  redis.call('SET', KEYS[2], string.format('%.0f', now))
end
if now > latest - 1000 then
  return 0
end
local held = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 10000)
if held.err then
  return 0 -- there is no group yet
end
for _, each in ipairs(held) do
  redis.call('XCLAIM', KEYS[1], ARGV[1], each[2], 0, each[1], 'IDLE', 0, 'JUSTID')
end
return #held
