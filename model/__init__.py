"""The classifier: it turns photos into predictions, and never knows Telegram."""
