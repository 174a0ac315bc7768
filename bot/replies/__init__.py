"""Everything the bot sends: answers, captions, buttons, refusals and notices."""
