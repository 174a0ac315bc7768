"""The worker: photos in, predictions and charts out."""
