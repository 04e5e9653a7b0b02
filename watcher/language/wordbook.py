"""Words of a bilingual dictionary that a user has beside the program: a sorted text, searched where it lies."""

from __future__ import annotations

from collections.abc import Iterable


class Wordbook:
    """German stems with one English translation each. Immutable; a few bytes a word, whatever their number."""

    def __init__(self, text: bytes = b"") -> None:
        """Take the text of a wordbook, as `text` gives it: a line `stem TAB translation` each, in order of bytes."""
        self.text = text

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Wordbook:
        """Make one of stems and translations; of a stem that comes twice the first one counts."""
        found: dict[bytes, bytes] = {}
        for stem, translation in pairs:
            found.setdefault(stem.encode(), translation.encode())
        return cls(b"".join(b"%s\t%s\n" % entry for entry in sorted(found.items())))

    def __len__(self) -> int:
        return self.text.count(b"\n")

    def find(self, stem: str) -> str:
        """Return the translation of a German stem, or ''."""
        wanted = stem.encode()
        low, high = 0, len(self.text)
        while low < high:
            begin = self.text.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = self.text.index(b"\n", begin)
            known, _, translation = self.text[begin:end].partition(b"\t")
            if known == wanted:
                return translation.decode()
            if known < wanted:
                low = end + 1
            else:
                high = begin
        return ""
