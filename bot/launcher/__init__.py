"""The processes of make run: started, restarted and stopped."""
