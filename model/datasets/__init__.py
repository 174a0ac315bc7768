"""What the classifier learns from and is measured on."""
