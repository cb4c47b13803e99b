"""Sockets and processes: listeners, courier, dispatcher, workers, and the program that composes them."""
