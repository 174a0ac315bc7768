"""Training and calibration: the original exercise and the recipe that ships."""
