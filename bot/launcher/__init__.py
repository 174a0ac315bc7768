"""What make run starts, restarts and stops."""
