"""The demonstration: a small stream of invented articles and the server on loopback that tells it."""
