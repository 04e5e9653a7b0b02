"""Who and what a sentence names: known actors by every alias, and other proper names as written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from watcher.language import tables
from watcher.language.lexicon import bundled
from watcher.language.words import fold, is_stopword
from watcher.records import Actor

_PIECE = re.compile(r"[^\W_]+|[^\w\s]")
_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-.&’'][^\W_]+)*")
_CAPITAL = re.compile(
    r"(?<![\w.&’'-])(?:[a-z]{0,2}[A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĚĞĪŁŃŇŌŐŘŚŞŠŤŪŮŰŹŻŽ][^\W_]*(?:[-.&’'][^\W_]+)*"
    r"|(?:of|de|van|la|di|du|al|bin)(?=\s))"
)
_INNER = frozenset({"of", "de", "van", "la", "di", "du", "al", "bin"})
_NOUN_END = re.compile(r"(?:ung|heit|keit|schaft|ion|tät|ismus|ment|nis|tum|ling|erei|enz|anz|en|ern|eln)$")
_SENTENCE_START = re.compile(r"[.!?:]\s*[\"„“»«(]?\s*$|^[\"„“”»«‚‘(\s]*$")
_GAPS = frozenset({" ", "\u00a0", ". ", " & "})
_LONGEST_RUN = 12
_FEW = 0.15
"""Share of longer words in lower case up to which an English sentence is a headline in title case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An actor named at text[start:end]."""

    name: str
    start: int
    end: int


# Whom a namesake names.
_NOBODY = "-"


@dataclass(slots=True)
class _Node:
    """A step in a tree of names. `name` is the actor one of whose names ends here."""

    name: str = ""
    steps: dict[str, _Node] = field(default_factory=dict)


class Gazetteer:
    """The actors of a storyline by all their names. Immutable after it is built.

    A name matches whole words in its own case, or all in capitals; a German genitive (`Musks`), a possessive and a
    hyphen compound (`Musk-Anwalt`) count as the name, and the longest name wins (`OpenAI-Chef` over `OpenAI`).
    Of two actors with one name the first keeps it. A namesake (`Robert Altman`) is a name of nobody here.
    """

    def __init__(self, actors: Iterable[Actor], namesakes: Iterable[str] = ()) -> None:
        listed = tuple(actors)
        nobody = [(phrase, _NOBODY) for phrase in namesakes]
        named = [(name, actor.name) for actor in listed for name in (actor.name, *actor.aliases)]
        self._strong = _tree([*nobody, *named])
        self._weak = _tree((name, actor.name) for actor in listed for name in actor.weak)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Return every mention by a strong name in order, none overlapping."""
        return tuple(mention for mention in _mentions(text, self._strong) if mention.name != _NOBODY)

    def weak_mentions(self, text: str, strong: Sequence[Mention]) -> tuple[Mention, ...]:
        """Return every mention by a weak name in order, none overlapping another or one of `strong`.

        It is one indeed only where the same text names the actor by a strong name as well.
        """
        taken = {at for mention in strong for at in range(mention.start, mention.end)}
        return tuple(
            mention for mention in _mentions(text, self._weak) if taken.isdisjoint(range(mention.start, mention.end))
        )

    def find(self, text: str) -> tuple[str, ...]:
        """Return the actors that a text names strongly, each once by its own name, in order of appearance."""
        return tuple(dict.fromkeys(mention.name for mention in self.mentions(text)))


def _tree(names: Iterable[tuple[str, str]]) -> _Node:
    """Build the tree of (name as written, actor's name)."""
    root = _Node()
    for written, name in names:
        for spelling in _spellings(written):
            node = root
            for piece in _PIECE.findall(spelling):
                node = node.steps.setdefault(piece, _Node())
            if node is not root and not node.name:
                node.name = name
    return root


def _mentions(text: str, root: _Node) -> tuple[Mention, ...]:
    """Walk a text once; at every piece the longest name that begins there wins."""
    if not root.steps:
        return ()
    pieces = list(_PIECE.finditer(text))
    found = []
    at = 0
    while at < len(pieces):
        node = root.steps.get(pieces[at].group())
        step, best = at, None
        while node is not None:
            if node.name:
                best = (node.name, step)
            step += 1
            node = node.steps.get(pieces[step].group()) if step < len(pieces) else None
        if best:
            name, at_last = best
            found.append(Mention(name=name, start=pieces[at].start(), end=pieces[at_last].end()))
            at = at_last
        at += 1
    return tuple(found)


def _spellings(alias: str) -> tuple[str, ...]:
    """Return the ways an alias is written: as given, at the head of a sentence, in capitals, in the German genitive."""
    alias = alias.strip()
    given = [alias, alias[:1].upper() + alias[1:] if " " in alias else alias]
    if len(alias) > 3:
        given.append(alias.upper())
    genitives = [f"{form}s" for form in given[:2] if form and form[-1].isalpha() and form[-1] not in "sxzß"]
    return tuple(dict.fromkeys((*given, *genitives)))


def proper(text: str, lang: str, taken: Sequence[Mention] = ()) -> tuple[str, ...]:
    """Return other proper names as written (without genitive ending), each once, in order.

    `taken` are mentions of known actors, which are left out. English takes capitalised words inside a sentence; German,
    where every noun is capitalised, wants more: two capitals in a row, an acronym, or a word that no table knows and
    that no article precedes.
    """
    lang = tables.table_lang(lang)
    headline = lang == "en" and not text.endswith((".", ".”", '."')) and _is_title_case(text)
    found = []
    for run in _runs(text, taken):
        name = _name_of(run, text, lang, strict=headline)
        if name:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _runs(text: str, taken: Sequence[Mention]) -> list[list[re.Match[str]]]:
    """Return the sequences of capitalised words, with lower-case particles inside them kept."""
    runs: list[list[re.Match[str]]] = [[]]
    spans = iter(taken)
    span = next(spans, None)
    for word in _CAPITAL.finditer(text):
        while span and span.end <= word.start():
            span = next(spans, None)
        if span is not None and span.start < word.end():
            continue
        run = runs[-1]
        follows = bool(run) and len(run) < _LONGEST_RUN and text[run[-1].end() : word.start()] in _GAPS
        if follows and not _owns(run[-1].group()):
            run.append(word)
        elif word.group() not in _INNER:
            runs.append([word])
    return [run for run in runs if run]


def _owns(word: str) -> bool:
    """Whether a word is a possessive, after which another name begins."""
    return word.endswith(("'s", "’s", "s'", "s’"))


def _is_title_case(text: str) -> bool:
    """Whether an English text is a headline whose every longer word has a capital."""
    words = [word for word in _WORD.findall(text) if len(word) > 3]
    return len(words) > 2 and sum(map(str.islower, words)) <= _FEW * len(words)


def _name_of(run: list[re.Match[str]], text: str, lang: str, *, strict: bool) -> str:
    """Return the proper name in a run of capitalised words, or '' when there is none."""
    whole = text[run[0].start() : run[-1].end()]
    if len(run) > 1 and not _has_ordinary(run, lang) and bundled().is_place(whole, lang):
        return _bare(whole, lang, single=False)
    initial = bool(_SENTENCE_START.search(text[max(0, run[0].start() - 12) : run[0].start()]))
    words, titled = _without_titles(run, lang, initial=initial)
    if not words:
        return ""
    forms = [word.group() for word in words]
    first = initial and words[0] is run[0]
    if len(forms) == 1:
        if not titled and not _stands_alone(words[0], text, lang, initial=first, strict=strict):
            return ""
    elif (lang == "de" or strict) and all(bundled().knows(form, lang) for form in forms[1 if first else 0 :]):
        return ""
    return _bare(text[words[0].start() : words[-1].end()], lang, single=len(forms) == 1)


def _has_ordinary(run: list[re.Match[str]], lang: str) -> bool:
    """Whether a word of the run can be no part of a name."""
    ordinary = tables.words(f"not_names_{lang}.txt")
    return any(word.group() in ordinary or is_stopword(fold(word.group()), lang) for word in run)


def _without_titles(run: list[re.Match[str]], lang: str, *, initial: bool) -> tuple[list[re.Match[str]], bool]:
    """Return a run without ordinary words at its ends, and whether a title stood before what is left."""
    words = list(run)
    titled = False
    while words and _is_no_name(words[0].group(), lang, initial=initial and words[0] is run[0]):
        titled = titled or _is_title(words[0].group())
        words.pop(0)
    ordinary = tables.words(f"not_names_{lang}.txt")
    while words and (words[-1].group() in _INNER or words[-1].group() in ordinary):
        words.pop()
    if lang == "de" and len(words) == 2 and bundled().knows(words[1].group(), lang):
        first = words[0].group()
        if first.endswith("s") or any(map(str.isupper, first[1:])):
            words.pop()  # a genitive and what it owns ("Microsofts Anteil"), a brand and its thing
    return words, titled


def _is_title(word: str) -> bool:
    """Whether a word is a title or a compound of one (`US-Präsident`)."""
    return word.rsplit("-", 1)[-1].capitalize() in tables.words("titles.txt")


def _is_no_name(word: str, lang: str, *, initial: bool) -> bool:
    """Whether a capitalised word at the head of a run is a title, a day or an ordinary word."""
    word = re.sub(r"['’]s?$", "", word)
    if word in _INNER or _is_title(word) or word in tables.words(f"not_names_{lang}.txt"):
        return True
    if is_stopword(fold(word), lang):
        return True
    if _is_mixed(word):
        return False
    return (lang == "de" or initial) and bundled().knows(word, lang)


def _is_mixed(word: str) -> bool:
    """Whether the capitals of a word are those of a brand or an acronym."""
    return any(map(str.isupper, word[1:])) and "-" not in word


def _stands_alone(word: re.Match[str], text: str, lang: str, *, initial: bool, strict: bool) -> bool:
    """Whether one capitalised word is a name by itself."""
    form = word.group()
    if _is_mixed(form):
        return len(form) > 1 and not (form.isupper() and strict)
    if lang == "en":
        return not initial and not (strict and bundled().knows(form, lang)) and len(form) > 2
    if initial or "-" in form or len(form) < 3 or _NOUN_END.search(form) or bundled().knows(form, lang):
        return False
    before = text[max(0, word.start() - 30) : word.start()].split()
    return bool(before) and not _is_determiner(before[-1])


def _is_determiner(word: str) -> bool:
    """Whether the German word before a noun says that it is a common noun: an article, a figure or an adjective."""
    lowered = word.lower()
    if lowered in tables.words("determiners_de.txt") or lowered[0].isdigit():
        return True
    return lowered.endswith(("e", "en", "er", "es", "em")) and not is_stopword(lowered, "de") and word.islower()


def _bare(name: str, lang: str, *, single: bool) -> str:
    """Take the possessive or genitive ending off a name as written."""
    name = re.sub(r"['’]s?$", "", name)
    if name.isupper() and (not single or len(name) > 5):
        name = name.title()  # a dateline in capitals
    genitive = lang == "de" and single and len(name) > 4 and name[-1] == "s" and name[-2] not in "suia"
    return name[:-1] if genitive and not bundled().is_place(name, lang) else name


def unify(names: Sequence[tuple[str, ...]], heads: Sequence[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Bring a surname to the full name that the same article tells, where only one full name ends so.

    `names` are the names of each statement in order; the answer has the same shape. `heads` are the first words of the
    statements: one that is a name elsewhere in the article is a name there too.
    """
    told = {name for row in names for name in row}
    full: dict[str, set[str]] = {}
    for name in told:
        if " " in name:
            full.setdefault(name.rsplit(" ", 1)[-1], set()).add(name)
    known = {name: name for name in told} | {last: next(iter(found)) for last, found in full.items() if len(found) == 1}
    rows = []
    for at, row in enumerate(names):
        head = known.get(heads[at]) if at < len(heads) else None
        rows.append(tuple(dict.fromkeys((*((head,) if head else ()), *(known[name] for name in row)))))
    return tuple(rows)
