"""The queue between bot and workers, on Redis Streams with consumer groups.

    bot                                     Redis                              workers
    PhotoQueue.submit ──▶ waiting ▸ photos ──(group "workers")──▶ JobStream.take
    AnswerStream.take ◀──────(group "bots")── answers ◀────────── JobStream.finish

What holds:

- A photo that `submit` returned for is in Redis. It leaves a stream in the same transaction that
  puts it, its answer, or its dead letter into another. Nobody's death loses it.
- A photo is worked on at least once and gets exactly one answer in the stream.
- An answer is sent at least once: a bot that dies between Telegram's "ok" and `done` sends it
  again.
- When it is crowded, people take turns: see `lua/photos/fair_queue.lua` and docs/promises/queue.md.
- A photo that is not taken is kept in mind, until its sender was told: see `refusals`.

Photos and answers are never trimmed, which would drop work: they are bounded where photos come in,
by `QueueFull`. Redis 6.2 or Valkey suffices. All keys share a hash tag: one node of a cluster has
all.

The bot's side, `photo_queue` and `answer_stream`, is asyncio; the workers', `job_stream`, is not.
Errors of the server or of the way to it are redis-py's own, subclasses of `redis.RedisError`. Every
call can raise them, and may then be repeated.
"""
