"""The slot's transactions: Lua, because Redis runs a script as a whole or not at all.

KEYS of all: the slot's hash, the album. The hash has these fields, or does not exist:

    id, job         the job's id; RetrainJob as JSON
    chat            1, or 0 for a job of a shell, which asks for its outcome itself
    state           waiting, running, finished
    token, beat     running: who has it; when that one last gave a sign of life (Redis' clock)
    started         when it was first taken
    attempts        how often it was taken, not counting orderly ends of a trainer
    stage, progress running: Progress as JSON, and its stage
    cancelled_by    the name of who wants it to end
    outcome         finished: Outcome as JSON
    message_id      the message that follows it in the chat, where it is no longer the job's own
    told            finished: how many steps of telling the outcome are done

A token is held by one attempt alone. Whoever lost it (taken for dead, then alive again) is told
"lost" at the next call and changes nothing any more.

KEYS[3] of KEEP, RELEASE and FINISH is ended:<token>: "released" or "finished", once the attempt let
go of the job. From it the trainer learns what its child did, whatever became of the slot since.
"""

# What several scripts need. ARGV of each begins with: the outcome of a cancelled job, of one whose
# trainers died; seconds of silence after which a trainer is taken for dead, the same where somebody
# waits for its end; the most attempts.
_COMMON = """
local slot, album = KEYS[1], KEYS[2]
local function field(name)
  return redis.call('HGET', slot, name)
end
local function now()
  local time = redis.call('TIME')
  return string.format('%.3f', time[1] + time[2] / 1e6)
end
local function let_go()
  redis.call('HDEL', slot, 'token', 'beat', 'stage', 'progress')
end
local function finish(outcome)
  let_go()
  redis.call('HSET', slot, 'state', 'finished', 'outcome', outcome)
end
local function back(died)
  if field('cancelled_by') then
    finish(ARGV[1])
  elseif tonumber(field('attempts')) >= tonumber(ARGV[5]) then
    finish(died)
  else
    let_go()
    redis.call('HSET', slot, 'state', 'waiting')
  end
end
local function all()
  local found = redis.call('HGETALL', slot)
  if field('state') == 'running' then
    table.insert(found, 'silent')
    table.insert(found, string.format('%.3f', now() - field('beat')))
  end
  return found
end
local function tend()
  if field('state') == 'running' then
    local patience = tonumber(field('cancelled_by') and ARGV[4] or ARGV[3])
    if now() - field('beat') > patience then
      -- While Redis was down, nobody could give a sign of life: those that live do so soon.
      local up = string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)')
      if tonumber(up or patience + 1) > patience then
        back(ARGV[2])
      end
    end
  end
end
"""

# KEYS[3]: asked:<id>. ARGV[6…]: id, job, chat, seconds to remember the id.
# A second call with the same id changes nothing, whatever became of the first.
ASK = (
    _COMMON
    + """
tend()
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 'known'
end
local state = field('state')
if state and not (state == 'finished' and field('chat') == '0') then
  return 'busy'
end
redis.call('DEL', slot, album)
redis.call('HSET', slot, 'id', ARGV[6], 'job', ARGV[7], 'chat', ARGV[8], 'state', 'waiting',
  'attempts', 0)
redis.call('SET', KEYS[3], '', 'EX', ARGV[9])
return 'asked'
"""
)

# ARGV[6]: name of who cancels.
CANCEL = (
    _COMMON
    + """
tend()
local state = field('state')
if not state then
  return 'idle'
end
if state == 'finished' then
  return 'finished'
end
if field('stage') == 'publishing' then
  return 'late'
end
redis.call('HSETNX', slot, 'cancelled_by', ARGV[6])
if state == 'waiting' then
  finish(ARGV[1])
  return 'cancelled'
end
return 'cancelling'
"""
)

# Gives up, or back to waiting, what a dead trainer holds. Returns the slot's hash and, of what
# runs, `silent`: the seconds since its last sign of life.
LOOK = (
    _COMMON
    + """
tend()
return all()
"""
)

# ARGV[6]: the token. Returns the slot's hash where the job is this token's now, else nothing.
TAKE = (
    _COMMON
    + """
tend()
if field('state') == 'waiting' then
  redis.call('HSET', slot, 'state', 'running', 'token', ARGV[6], 'beat', now())
  redis.call('HSETNX', slot, 'started', now())
  redis.call('HINCRBY', slot, 'attempts', 1)
elseif field('token') ~= ARGV[6] then
  return {}
end
return all()
"""
)

# ARGV[6]: the token; to report progress, also ARGV[7…]: the stage, Progress.
# Returns "held", "cancelled", "finished" or "lost".
KEEP = (
    _COMMON
    + """
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) == 'finished' and 'finished' or 'lost'
end
if field('cancelled_by') then
  if not ARGV[7] then
    redis.call('HSET', slot, 'beat', now())
  end
  return 'cancelled'
end
if ARGV[7] then
  redis.call('HSET', slot, 'stage', ARGV[7], 'progress', ARGV[8])
else
  redis.call('HSET', slot, 'beat', now())
end
return 'held'
"""
)

# ARGV[6…]: the token; seconds to remember it; 1 if the attempt counts; the outcome if it was the
# last. Returns "released", also when repeated; else "finished" or "lost", and nothing was changed.
RELEASE = (
    _COMMON
    + """
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) or 'lost'
end
if ARGV[8] == '0' then
  redis.call('HINCRBY', slot, 'attempts', -1)
end
back(ARGV[9])
redis.call('SET', KEYS[3], 'released', 'EX', ARGV[7])
return 'released'
"""
)

# ARGV[6…]: the token, seconds to remember it, the outcome, its pictures.
# Returns 1, also when repeated, or 0 where the token is not held.
FINISH = (
    _COMMON
    + """
if field('token') ~= ARGV[6] then
  return redis.call('GET', KEYS[3]) == 'finished' and 1 or 0
end
redis.call('DEL', album)
for i = 9, #ARGV do
  redis.call('RPUSH', album, ARGV[i])
end
finish(ARGV[8])
redis.call('SET', KEYS[3], 'finished', 'EX', ARGV[7])
return 1
"""
)

# ARGV[6…]: the job's id, then fields and values. Returns 0 where another job is in the slot.
NOTE = (
    _COMMON
    + """
if field('id') ~= ARGV[6] then
  return 0
end
redis.call('HSET', slot, unpack(ARGV, 7))
return 1
"""
)

# ARGV[6]: the job's id. Only a finished job is cleared away.
CLEAR = (
    _COMMON
    + """
if field('id') ~= ARGV[6] or field('state') ~= 'finished' then
  return 0
end
redis.call('DEL', slot, album)
return 1
"""
)
