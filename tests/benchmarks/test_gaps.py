"""Words the lexicon keeps apart are found from what reports of one happening share."""

from __future__ import annotations

from benchmarks.gaps import Happening, gaps, happenings, likelihood_ratio
from benchmarks.streams import own_streams


def told(english: str, german: str) -> Happening:
    """A happening with the terms of both sides, written out."""
    return Happening(english=frozenset(english.split()), german=frozenset(german.split()))


def test_a_word_of_one_language_stands_beside_what_the_other_tells_with_it() -> None:
    """A term that the other language never shares is found with the term that comes with it, not with any other."""
    orders = [told("order court", f"decree court day{number}") for number in range(10)]
    others = [told(f"strike word{number}", f"strike day{number}") for number in range(30)]
    (found,) = gaps([*orders, *others], "de", least=8, most=0.1)
    assert (found.term, found.happenings, found.shared) == ("decree", 10, 0.0)
    assert [other for other, _ in found.beside] == ["order"]
    assert [gap.term for gap in gaps([*orders, *others], "en", least=8, most=0.1)] == ["order"]


def test_what_both_languages_share_is_no_gap() -> None:
    """A term that both sides tell of most happenings is left out, and one of few happenings too."""
    both = [told("strike", "strike") for _ in range(20)]
    apart = [told("walkout", "strike") for _ in range(4)]
    rare = [told("ferry", "ship") for _ in range(5)]
    others = [told("rain", "rain") for _ in range(40)]
    every = [*both, *apart, *rare, *others]
    assert [gap.term for gap in gaps(every, "de", least=8, most=0.9)] == ["strike"]
    assert gaps(every, "de", least=8, most=0.8) == []
    assert [gap.term for gap in gaps(every, "de", least=5, most=0.8)] == ["ship"]


def test_independent_things_have_no_likelihood_ratio() -> None:
    """What comes together as often as by chance says nothing; what always does, much."""
    assert abs(likelihood_ratio(10, 20, 50, 100)) < 1e-9
    assert likelihood_ratio(20, 20, 20, 100) > 90


def test_happenings_of_a_stream_have_both_languages() -> None:
    """Only what is told in both languages is compared."""
    stream = next(stream for stream in own_streams() if stream.name == "feud-2024")
    found = list(happenings(stream))
    assert found
    assert all(happening.english and happening.german for happening in found)
