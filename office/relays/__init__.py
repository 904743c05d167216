"""The way onward: what the office took in goes to the city's back-office systems."""
