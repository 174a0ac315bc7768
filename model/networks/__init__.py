"""The architectures, the pretrained weights they start from, and their mirror-image mean."""
