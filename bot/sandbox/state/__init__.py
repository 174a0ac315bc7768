"""What the sandbox remembers: people, chats, files and waiting updates."""
