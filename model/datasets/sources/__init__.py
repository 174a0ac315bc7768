"""The data sets: their folders, readers and labels."""
