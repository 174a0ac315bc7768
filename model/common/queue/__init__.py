"""What crosses between bot and model: messages on Redis Streams."""
