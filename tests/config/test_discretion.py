"""What is wrong with a config is told without its secrets, and nothing in one makes more than a message."""

from __future__ import annotations

import pytest

from watcher.config import parse
from watcher.errors import ConfigError

FEED = "[[feed]]\nname = 'a'\nurl = 'http://a.example/'\n"
HOOK = "[[alerts.webhook]]\nname = 'a'\n"
TELLING = {
    "a login under another scheme": "[[feed]]\nname = 'a'\nurl = 'ftp://u:SEKRIT@a.example/x'\n",
    "a login without a scheme": "[[feed]]\nname = 'a'\nurl = 'u:SEKRIT@a.example/x'\n",
    "a login for a language": FEED + "lang = 'u:SEKRIT@b'\n",
    "a password with a slash": "[[feed]]\nname = 'a'\nurl = 'http://u:SEKRIT/x@a.example/'\n",
    "a password with brackets": "[[feed]]\nname = 'a'\nurl = 'http://u:[SEKRIT@a.example/'\n",
    "a webhook without a scheme": HOOK + "url = 'hooks.chat.example/services/SEKRIT'\n",
    "a webhook in a list": HOOK + "url = ['https://hooks.chat.example/SEKRIT']\n",
    "a webhook with a space": HOOK + "url = 'https://hooks.chat.example/ SEKRIT'\n",
    "headers as a line": FEED + "headers = 'Cookie: SEKRIT'\n",
    "headers as a list": FEED + "headers = ['Cookie: SEKRIT']\n",
    "a header that is a list": FEED + "headers = { Cookie = ['SEKRIT'] }\n",
    "a header of two lines": FEED + 'headers = { Cookie = "SEKRIT\\n" }\n',
    "a password for its file": "[alerts.email]\npassword_file = ['SEKRIT']\n",
    "a secret for its file": HOOK + "url = 'https://a.example/'\nsecret_file = { is = 'SEKRIT' }\n",
    "a login before a host": "[alerts.email]\nhost = 'u:SEKRIT@mail.example'\n",
    "a login before an exception": "[fetch]\nallow_private = ['u:SEKRIT@10.0.0.1:80']\n",
}
EXCESSIVE = {
    "2: syntax: lists or tables nested too deeply": "[alerts]\na = " + "[" * 5000 + "]" * 5000,
    "3: syntax: lists or tables nested too deeply": "[alerts]\nb = 1\na = " + "{a=" * 5000 + "1" + "}" * 5000,
    "2: syntax: a number of too many digits": "[fetch]\nconcurrency = " + "9" * 5000,
    "2: fetch.concurrency: must be between 1 and 1000, not a number": "[fetch]\nconcurrency = 0x" + "f" * 5000,
    "2: alerts.min_confidence: must be between 0 and 1, not a number": "[alerts]\nmin_confidence = 0x" + "f" * 5000,
    "2: fetch.max_feed: must be between 1 KiB and 1 GiB, not ": f"[fetch]\nmax_feed = '{'9' * 400} GiB'",
    "2: alerts.since: must be a date of a year between 1 and 9999 in UTC, not ": (
        "[alerts]\nsince = 9999-12-31T23:59:59-14:00"
    ),
    "3: alerts.since: must be a date of a year between 1 and 9999 in UTC, not ": (
        "[alerts]\n\nsince = '0001-01-01T00:00:00+14:00'"
    ),
}


@pytest.mark.parametrize("text", TELLING.values(), ids=TELLING)
def test_no_message_holds_a_secret(text: str) -> None:
    """Not a part of an address, a header or the name of a file, wherever the mistake in it is."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    assert "SEKRIT" not in str(caught.value)


@pytest.mark.parametrize(("told", "text"), EXCESSIVE.items(), ids=[text[:20] for text in EXCESSIVE])
def test_excess_is_a_mistake_like_others(told: str, text: str) -> None:
    """What is too deep, too long or out of range is told with its line."""
    with pytest.raises(ConfigError) as caught:
        parse(text, "c.toml")
    (problem,) = caught.value.problems
    assert problem.startswith(f"c.toml:{told}")
    assert len(problem) < 200
