"""The data sets as they come: where they lie, how they are read, what their labels say."""
