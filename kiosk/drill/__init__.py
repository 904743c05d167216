"""The outage drill: everything that can go wrong between a terminal and its office, played."""
