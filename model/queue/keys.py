"""Every Redis key that Modista uses.

All carry one hash tag, so that a transaction over several of them also holds on Redis Cluster.
"""

PREFIX = "{modista}:"

PHOTOS = PREFIX + "photos"  # stream of PhotoJob, bot → workers
SUBMITTED = PREFIX + "photos:submitted:"  # + job id: that photo was submitted; expires
ANSWERS = PREFIX + "answers"  # stream of Answer, workers → bot
DEAD = PREFIX + "dead"  # stream of entries that were given up, each with its reason; expires
WORKERS = PREFIX + "workers"  # hash: worker name → WorkerStatus as JSON
UPDATES = PREFIX + "updates"  # hash: update_id → update as JSON, taken in but not yet handled
UPDATES_SEEN = PREFIX + "updates:seen"  # sorted set of handled update ids, by time

WORKERS_GROUP = "workers"  # consumer group on PHOTOS
BOTS_GROUP = "bots"  # consumer group on ANSWERS
