"""The way to Telegram and back: updates in, calls out, at Telegram's pace."""
