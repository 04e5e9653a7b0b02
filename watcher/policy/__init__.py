"""Pure: small decisions. What belongs to the storyline, when to ask again, what is worth a message."""
