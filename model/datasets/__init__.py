"""The data that the classifier learns from and is measured on."""
