"""A Telegram for your laptop: a strict Bot API server and a web chat, on one port."""
