"""A long random walk of people, agents and strangers through an offline GitHub, with faults; and what has to hold."""
