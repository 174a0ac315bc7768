-- What the slot's scripts share.
--
-- KEYS of each: 1 the slot's hash, 2 the album.
-- ARGV of each begins with: 1 the outcome of a cancelled job, 2 of one whose trainers died; 3 the
-- seconds of silence after which a trainer is taken for dead, 4 the same where somebody waits for
-- its end; 5 the most attempts.
--
-- The hash has these fields, or does not exist:
--
--   id, job         the job's id; sealed RetrainJob
--   chat            1, or 0 for a job of a shell, which asks for its outcome itself
--   state           waiting, running, finished
--   token, beat     running: who has it; when that one last gave a sign of life (Redis' clock)
--   started         when it was first taken
--   attempts        how often it was taken, not counting orderly ends of a trainer
--   stage, progress running: Progress as JSON, and its stage
--   cancelled_by    the sealed name of who wants it to end
--   outcome         finished: Outcome as JSON
--   message_id      the message that follows it in the chat, where it is no longer the job's own
--   told            finished: how many steps of telling the outcome are done
--
-- Only one attempt holds a token. One that lost it (taken for dead, then alive again) gets "lost" from
-- its next call and can change nothing any more.
--
-- KEYS[3] of keep, release and finish is ended:<token>: "released" or "finished", once the attempt
-- let go of the job. From it the trainer learns what its child did, whatever became of the slot
-- since.

local slot, album = KEYS[1], KEYS[2]
local CANCELLED, DIED, MOST_ATTEMPTS = ARGV[1], ARGV[2], tonumber(ARGV[5])

local function field(name)
  return redis.call('HGET', slot, name)
end

local function now()
  local time = redis.call('TIME')
  return string.format('%.3f', time[1] + time[2] / 1e6)
end

-- Seconds since the last sign of life. One from the future was given before the clock was set
-- back, and counts as given now.
local function silent()
  local seconds = now() - (tonumber(field('beat')) or 0)
  if seconds < 0 then
    redis.call('HSET', slot, 'beat', now())
    return 0
  end
  return seconds
end

local function let_go()
  redis.call('HDEL', slot, 'token', 'beat', 'stage', 'progress')
end

local function finish(outcome)
  let_go()
  redis.call('HSET', slot, 'state', 'finished', 'outcome', outcome)
end

-- The attempt ended without an outcome: the job waits for the next, if there may be one.
local function back(died)
  if field('cancelled_by') then
    finish(CANCELLED)
  elseif (tonumber(field('attempts')) or MOST_ATTEMPTS) >= MOST_ATTEMPTS then
    finish(died)
  else
    let_go()
    redis.call('HSET', slot, 'state', 'waiting')
  end
end

-- The whole hash and, of what runs, `silent`.
local function all()
  local running = field('state') == 'running'
  local seconds = running and silent()
  local found = redis.call('HGETALL', slot)
  if running then
    table.insert(found, 'silent')
    table.insert(found, string.format('%.3f', seconds))
  end
  return found
end

-- Take the job from a trainer that is taken for dead.
local function tend()
  if field('state') == 'running' then
    local patience = tonumber(field('cancelled_by') and ARGV[4] or ARGV[3])
    if silent() > patience then
      -- While Redis was down, nobody could give a sign of life: those that live do so soon.
      local up = string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)')
      if tonumber(up or patience + 1) > patience then
        back(DIED)
      end
    end
  end
end
