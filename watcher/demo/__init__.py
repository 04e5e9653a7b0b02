"""The demonstration: a small stream of articles about real events and the server on loopback that tells it."""
