"""The real program against real servers, as a person and the world outside meet it."""
