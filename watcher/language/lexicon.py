"""The bilingual lexicon: words of both languages brought to shared concepts, from `tables/lexicon/*.tsv`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple, Self

from watcher.language import tables
from watcher.language.wordbook import Wordbook
from watcher.language.words import (
    fold,
    forms,
    is_stopword,
    is_word,
    join_separable,
    stem,
    stem_all,
    stemmer_version,
    tokenise,
)

_LINKS = ("", "s", "n", "en", "es", "er", "e")
_LONGEST = 40
_SHORTEST = 4
_HYPHEN = re.compile("[-‑]")
_CACHED = 15_000
_ENDINGS = {
    "en": (("s", ""), ("d", ""), ("es", ""), ("ed", ""), ("ies", "y"), ("ied", "y"), ("ing", "e"), ("ing", "")),
    "de": (
        ("n", ""),
        ("r", ""),
        ("m", ""),
        ("s", ""),
        ("e", ""),
        ("en", ""),
        ("es", ""),
        ("er", ""),
        ("em", ""),
        ("ern", ""),
    ),
}
"""Regular endings of plurals, cases and tenses, and what stands in their place in the word itself."""
_PLACES = "places.tsv"
"""The table whose words are proper names."""


class _Phrase(NamedTuple):
    stems: tuple[str, ...]
    concepts: tuple[str, ...]


class _Entry(NamedTuple):
    """What is known of one token: its stem, its terms, and the multi-word forms that begin with it, longest first."""

    stem: str
    terms: tuple[str, ...]
    phrases: tuple[_Phrase, ...]


class _Side:
    """The lexicon's words of one language."""

    def __init__(self, lang: str, places: frozenset[str]) -> None:
        self.lang = lang
        self.places = places
        self.exact: dict[str, tuple[str, ...]] = {}
        # The same of German forms by whether they are written as nouns: `Stellen` are jobs, `stellen` is to put.
        self.cased: dict[bool, dict[str, tuple[str, ...]]] = {True: {}, False: {}}
        self.stems: dict[str, tuple[str, ...]] = {}
        self.phrases: dict[str, list[_Phrase]] = {}
        self.entries: dict[str, _Entry] = {}
        self.known: dict[str, bool] = {}
        self.translate: Callable[[str], tuple[str, ...]] = _not_at_all

    def fill(self, pairs: list[tuple[str, str]]) -> None:
        """Take in written forms with their concepts, in order."""
        split = [_words(form) for form, _ in pairs]
        stems = iter(stem_all([word for words in split for word in words], self.lang))
        for words, (form, concept) in zip(split, pairs, strict=True):
            stemmed = tuple(next(stems) for _ in words)
            if len(words) == 1:
                _add(self.exact, words[0], concept)
                if self.lang == "de":
                    _add(self.cased[form[0].isupper()], words[0], concept)
                _add(self.stems, stemmed[0], concept)
            elif words:
                self.phrases.setdefault(stemmed[0], []).append(_Phrase(stemmed, (concept,)))

    def concepts(self, word: str) -> tuple[str, ...]:
        """Return the concepts of a word as it is written: by its exact form, its infinitive or singular, the word it is
        a regular form of, else its stem.

        Of German words those written alike come first: nouns have a capital. Stems come last: words of other senses
        share them (`shareholders` and `shareholding`, `used` and `useful`).
        """
        folded = fold(word)
        known = forms(self.lang)
        lemma = known.lemmas.get(folded, folded)
        for written, base in (*self._written_alike(word, folded), (self.exact, lemma)):
            found = written.get(folded) or written.get(base) or self._by_base(folded, written)
            if found:
                return found
        return self._by_stem(lemma) or self._by_stem(folded)

    def _written_alike(self, word: str, folded: str) -> Iterator[tuple[Mapping[str, tuple[str, ...]], str]]:
        """The German forms that are nouns, or those that are none, with what a folded word is looked up by beside
        itself. Neither for a headline in capitals.
        """
        if self.lang != "de" or (len(word) > 1 and word.isupper()):
            return
        known = forms(self.lang)
        # `Höher` begins a sentence: it is less often a form of the noun than the word in small letters.
        begins = folded.endswith("er") and folded not in self.cased[True] and folded in self.cased[False]
        if word[:1].isupper() and not begins:
            # Nor is `Geladen` a form of `Laden`.
            yield self.cased[True], known.singulars.get(folded, folded)
        else:
            yield self.cased[False], known.lemmas.get(folded, folded)

    def _by_base(self, folded: str, known: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """Return the concepts of the word that a folded one is a regular form of."""
        for form, ending in _base_forms(folded, self.lang):
            found = known.get(form)
            # A place has a German genitive and no other form; `Adrian` and `Frances` only begin like one.
            if found and (found[0] not in self.places or (self.lang, ending) == ("de", "s")):
                return found
        return ()

    def _by_stem(self, folded: str) -> tuple[str, ...]:
        """Return the concepts of a word's stem; short words have too many namesakes (`Sam`, `Samen`)."""
        return self.stems.get(stem(folded, self.lang), ()) if len(folded) >= _SHORTEST else ()

    def entry(self, token: str) -> _Entry:
        found = self.entries.get(token)
        if found is None:
            if len(self.entries) >= _CACHED:
                self.entries.clear()
            folded = fold(token)
            stemmed = stem(folded, self.lang)
            phrases = sorted(self.phrases.get(stemmed, ()), key=lambda phrase: -len(phrase.stems))
            found = _Entry(stemmed, self._terms(token), tuple(phrases))
            self.entries[token] = found
        return found

    def _terms(self, word: str) -> tuple[str, ...]:
        folded = fold(word)
        if not folded or is_stopword(folded, self.lang) or folded in _counted(self.lang) or not _has_letter(folded):
            return ()
        concepts = self.concepts(word)
        if concepts:
            return concepts[:1]
        if "-" in folded:
            return tuple(term for part in _HYPHEN.split(word) for term in self._terms(part))
        parts = self.compound(folded) if word[:1].isupper() else ()
        if parts:
            return parts
        stemmed = stem(forms(self.lang).lemmas.get(folded, folded), self.lang)
        return self.translate(stemmed) or (stemmed,)

    def compound(self, word: str) -> tuple[str, ...]:
        """Return the concepts of a German compound's parts, longest first, when every part is known, else nothing."""
        if self.lang != "de" or len(word) > _LONGEST:
            return ()
        for cut in range(len(word) - 2, 1, -1):
            head = self._part(word[:cut])
            if not head:
                continue
            rest = word[cut:]
            tail = self._part(rest) or self.compound(rest)
            if tail:
                return (*head, *tail)
        return ()

    def _part(self, part: str) -> tuple[str, ...]:
        # Of a noun's parts most are nouns: `Vollzeitstellen` are jobs.
        for known in (self.cased[True], self.exact):
            for link in _LINKS:
                bare = part.removesuffix(link) if link else part
                if link and bare == part:
                    continue
                if bare in known and (len(bare) >= _SHORTEST or bare in tables.words("compound_short_de.txt")):
                    return known[bare][:1]
        return self.stems.get(stem(part, self.lang), ())[:1] if len(part) > _SHORTEST else ()


def _base_forms(folded: str, lang: str) -> Iterator[tuple[str, str]]:
    """The words that a folded one may be a regular form of, each with the ending taken off."""
    for ending, instead in _ENDINGS[lang]:
        bare = folded.removesuffix(ending)
        if bare != folded and len(bare) >= _SHORTEST:
            yield bare + instead, ending
            if lang == "en" and ending in ("ed", "ing") and not instead and bare[-1] == bare[-2]:
                yield bare[:-1], ending


def _not_at_all(stem: str) -> tuple[str, ...]:  # noqa: ARG001  a translation's signature
    return ()


def _words(form: str) -> list[str]:
    return [fold(form)] if form.isalpha() else [fold(word) for word in tokenise(form) if is_word(word)]


def _add(known: dict[str, tuple[str, ...]], key: str, concept: str) -> None:
    had = known.get(key)
    if had is None:
        known[key] = (concept,)
    elif concept not in had:
        known[key] = (*had, concept)


def _has_letter(word: str) -> bool:
    return any(map(str.isalpha, word))


@cache
def _counted(lang: str) -> frozenset[str]:
    """Return days, months, scales and currencies: dates and amounts carry them, so they are no terms."""
    columns = [row[1] for name in ("weekdays", "months", "scales") for row in tables.rows(f"{name}_{lang}.tsv")]
    columns += [row[3] for row in tables.rows("units.tsv") if row[1] in ("money", "share")]
    return frozenset(fold(form.rstrip(".")) for column in columns for form in column.split())


class Lexicon:
    """Words and multi-word forms of both languages -> concepts. Looked-up words are remembered."""

    def __init__(self, rows: Iterable[tuple[str, ...]], places: Iterable[str] = ()) -> None:
        """Take rows of concept, English forms, German forms (comma separated), and which concepts are places."""
        self._places = frozenset(places)
        self.book: Wordbook | None = None
        self._sides = {lang: _Side(lang, self._places) for lang in tables.LANGUAGES}
        table = list(rows)
        self._concepts = frozenset(row[0] for row in table)
        for column, lang in enumerate(("en", "de"), start=1):
            self._sides[lang].fill(
                [(form, row[0]) for row in table if len(row) > column for form in row[column].split(",")]
            )

    @classmethod
    def bundled(cls) -> Self:
        """Read every table of the package."""
        folder = resources.files(__package__).joinpath("tables", "lexicon")
        names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".tsv"))
        places = {row[0] for name in names if name == _PLACES for row in tables.rows(f"lexicon/{name}")}
        return cls((row for name in names for row in tables.rows(f"lexicon/{name}")), places)

    def extend(self, book: Wordbook | None) -> None:
        """From now on take the terms of a German word that is unknown here from its translation in `book`.

        What is a name and what a place is still told by this lexicon alone. None ends it.
        """
        self.book = book
        english, german = self._sides["en"], self._sides["de"]

        german.entries.clear()
        german.translate = _not_at_all
        if book is not None:
            find = book.find
            german.translate = lambda stemmed: tuple(_walk(english, tokenise(find(stemmed))))

    def concepts(self, word: str, lang: str) -> tuple[str, ...]:
        """Return every concept of a word, its infinitive, base form or stem, the dominant one first; nothing when
        unknown.
        """
        return self._sides[tables.table_lang(lang)].concepts(word)

    def knows(self, word: str, lang: str) -> bool:
        """Whether the word is a common word of the lexicon (no place) or a compound of its words."""
        side = self._sides[tables.table_lang(lang)]
        found = side.known.get(word)
        if found is None:
            if len(side.known) >= _CACHED:
                side.known.clear()
            concepts = side.concepts(word)
            found = not self._places.issuperset(concepts) or (not concepts and bool(side.compound(fold(word))))
            side.known[word] = found
        return found

    def is_concept(self, term: str) -> bool:
        """Whether a term is one that words of both languages are brought to."""
        return term in self._concepts

    def is_place_concept(self, term: str) -> bool:
        """Whether a term is of the table of places: countries with their people, towns, and kinds of places."""
        return term in self._places

    def has(self, word: str, lang: str) -> bool:
        """Whether the very form is written in the lexicon for the language."""
        return fold(word) in self._sides[tables.table_lang(lang)].exact

    def is_place(self, text: str, lang: str) -> bool:
        """Whether the words together are one place."""
        side = self._sides[tables.table_lang(lang)]
        found = tuple(_walk(side, tokenise(text)))
        return len(found) == 1 and found[0] in self._places

    def terms(self, text: str, lang: str) -> tuple[str, ...]:
        """Return the content words in order, each as its dominant concept, else its stem.

        Multi-word forms match greedily; days and months are left to the dates.
        """
        side = self._sides[tables.table_lang(lang)]
        tokens = tokenise(text)
        if side.lang == "de":
            tokens = join_separable(tokens)
        return tuple(_walk(side, tokens))


def _walk(side: _Side, tokens: list[str]) -> Iterator[str]:
    entries = [side.entry(token) for token in tokens]
    at = 0
    while at < len(entries):
        entry = entries[at]
        for phrase in entry.phrases:
            end = at + len(phrase.stems)
            if tuple(e.stem for e in entries[at:end]) == phrase.stems:
                yield phrase.concepts[0]
                at = end
                break
        else:
            yield from entry.terms
            at += 1


@cache
def bundled() -> Lexicon:
    """Return the package's lexicon, read once."""
    return Lexicon.bundled()


def extend(book: Wordbook | None) -> None:
    """Have the bundled lexicon know the words of `book` too, for this whole process; None ends it.

    Meant for the start, before anything is read: terms of both kinds do not belong into one memory.
    """
    bundled().extend(book)


def edition() -> str:
    """Return a short name for the words this process knows: the tables, those of `extend`, and how it stems."""
    book = bundled().book
    told = hashlib.sha256(f"{tables.fingerprint()} {stemmer_version()}".encode())
    told.update(book.text if book is not None else b"")
    return told.hexdigest()[:16]


def terms(text: str, lang: str) -> tuple[str, ...]:
    """Return the text's content words as concepts of the bundled lexicon, else stems."""
    return bundled().terms(text, lang)


def is_concept(term: str) -> bool:
    """Whether a term is a concept of the bundled lexicon: the same for both languages."""
    return bundled().is_concept(term)


def concepts(word: str, lang: str) -> tuple[str, ...]:
    """Return every concept the bundled lexicon has for a word."""
    return bundled().concepts(word, lang)
