"""Queues: closed forms, arrivals, a simulation, and the number of machines that a rate needs."""
