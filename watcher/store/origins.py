"""Who wrote: how many outlets tell a thing by themselves. Copies are their original's, and an outlet counts once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

_NO_WORD = re.compile(r"[\W_]+")
_UMLAUTS = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue"}
_SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """An article that tells something. `copy_of` is the article whose text it repeats."""

    outlet: str
    url: str
    copy_of: int | None


def count(tellers: Mapping[int, Teller]) -> int:
    """Count the outlets that wrote, of articles by their number. A text of which only copies are there is one more."""
    found: set[str | int] = set()
    for article in tellers:
        root = article
        for _ in tellers:  # as many steps as there are articles: a ring of copies must not hold us
            teller = tellers.get(root)
            root = root if teller is None or teller.copy_of is None else teller.copy_of
        author = tellers.get(root)
        found.add((_outlet(author) or root) if author else root)
    return len(found)


def _outlet(teller: Teller) -> str:
    """Give what tells an outlet from others: its domain where it is called after it (`BBC News`, `BBC Sport`), else its
    name. On one domain may be others' articles as well, as in a news search.
    """
    name, domain = _plain(teller.outlet), _plain(_domain(teller.url))
    return domain if len(domain) >= _SHORTEST and domain in name else name or domain


def _domain(url: str) -> str:
    """Give the word of a host that somebody registered: `bbc` of `www.bbc.co.uk`; '' of a number."""
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    if len(labels) < 2 or labels[-1].isdigit():
        return ""
    is_below_country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= _SHORTEST
    return labels[-3] if is_below_country else labels[-2]


def _plain(text: str) -> str:
    """Give a name as it is compared: letters and digits of every script, German ones as domains write them."""
    told = _NO_WORD.sub("", text.casefold().translate(_UMLAUTS))
    return "".join(c for c in unicodedata.normalize("NFKD", told) if not unicodedata.combining(c))
