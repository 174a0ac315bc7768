"""The sandbox's memory: people, chats, files and waiting updates."""
