"""The queue between bot and model: messages on Redis Streams."""
