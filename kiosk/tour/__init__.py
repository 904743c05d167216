"""The tour: whole journeys played offscreen, every screen and paper kept to be looked at."""
