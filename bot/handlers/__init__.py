"""What a person can do: one file each, and `replies` for what they share."""
