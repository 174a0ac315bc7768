"""The Bot API as Telegram serves it: methods, their parameters and their errors."""
