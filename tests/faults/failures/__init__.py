"""Something dies, stops or misbehaves: processes, Redis, its disk, Telegram, a photo."""
