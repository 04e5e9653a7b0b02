"""What honest parts of hostile documents say."""

from __future__ import annotations

FEED = "<rss version='2.0'><channel><title>Feed</title>ITEMS</channel></rss>"
SENTENCES = (
    "The harbour council told reporters on Tuesday that the bridge would be closed for nine weeks of repairs.",
    "Engineers had found cracks in two of the four piers when divers looked at them after the winter storms.",
    "A ferry will carry cyclists and pedestrians across the river every ten minutes until the work is finished.",
)
