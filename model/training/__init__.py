"""How the models are trained and calibrated: the original exercise and the recipe that ships."""
