"""What kind of sentence it is: question, quotation, look-ahead, boilerplate and so on."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from watcher.language import tables
from watcher.language.phrases import Phrases
from watcher.language.words import forms, is_stopword

QUESTION = "question"
QUOTE = "quote"
FUTURE = "future"
FRAGMENT = "fragment"
PAST_HAPPENING = "past_happening"
BOILERPLATE = "boilerplate"
TURN = "turn"

_QUOTED = re.compile(r"[„“”\"»«]([^„“”\"»«]{12,}?)[“”\"»«]|[‚‘]([^‚‘’]{12,}?)[‘’](?!\w)")
_OPEN_QUOTE = re.compile(r"^\s*[„“\"»«‚‘]|[”“\"«»]\s*$")
_QUESTION = re.compile(r"\?[\"”“»«’)\s]*$|\?[”“\"»«’](?=\s|,)")
_SENTENCE_END = re.compile(r"[.!?…:;][\"”“»«’')\]\s]*$")
_LINK = re.compile(r"https?://\S+|\bwww\.\S+|©|\|\s")
_REGULAR = {"en": re.compile(r"[a-z]{3,}ed$"), "de": re.compile(r"[a-zäöüß]{3,}ten?$")}
_GE_PARTICIPLE = re.compile(r"[a-zäöüß]*ge[a-zäöüß]{3,}(?:t|en)$")
_PARTICIPLE = re.compile(r"^[a-zäöüß]*ge[a-zäöüß]{3,}(?:t|en)$|^(?:be|ver|er|ent|zer)[a-zäöüß]{3,}(?:t|en)$")
_AHEAD = re.compile(
    r"\b(wird|werden|soll|sollen|will|wollen|dürfte|dürften|könnte|könnten)\b[^.,;:!?]{1,200}?\b([a-zäöüß]{2,}n)"
    r"(?=\s*(?:[.,;:!?“”\"»«)]|$|und\b|oder\b))"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NO_PAST_EN = frozenset({"need", "indeed", "speed", "feed", "proceed", "exceed", "embed", "succeed"})


def find(text: str, lang: str) -> tuple[str, ...]:
    """Return the kinds a sentence shows, in alphabetical order.

    `question`, `quote` (direct speech), `reported` (someone is told to have said it), `future`, `conditional`, `hedge`,
    `opinion`, `no_comment`, `boilerplate` (not part of the report), `past_happening` (a finite past or perfect verb),
    `background_marker`, `explainer` (a chronicle, questions and answers), `denial`, `correction`, `rumour`,
    `market`, `turn` (what was told before is so no longer), `fragment` (no closing mark: headings, link texts, list
    items). A sentence may show several, or none.
    """
    lang = tables.table_lang(lang)
    found = _phrases(lang).find(text)
    if _QUESTION.search(text):
        found.add(QUESTION)
    if _OPEN_QUOTE.search(text) or any(" " in (m.group(1) or m.group(2)) for m in _QUOTED.finditer(text)):
        found.add(QUOTE)
    if lang == "de" and _looks_ahead(text):
        found.add(FUTURE)
    if not _SENTENCE_END.search(text):
        found.add(FRAGMENT)
    if _LINK.search(text):
        found.add(BOILERPLATE)
    if _has_past(text, lang):
        found.add(PAST_HAPPENING)
    return tuple(sorted(found))


@cache
def _phrases(lang: str) -> Phrases:
    return Phrases((row[0], row[1]) for row in tables.rows(f"cues_{lang}.tsv"))


def _looks_ahead(text: str) -> bool:
    """Whether a German clause has a modal or `wird` and ends in an infinitive (no participle)."""
    lemmas = forms("de").lemmas
    for match in _AHEAD.finditer(text):
        last = match.group(2)
        if lemmas.get(last, last) == last and not _GE_PARTICIPLE.match(last):
            return True
    return False


def _has_past(text: str, lang: str) -> bool:
    """Whether a finite verb tells something as having happened. Auxiliaries of state alone do not count."""
    words = _WORD.findall(text)
    if lang == "en":
        past = _irregular_past()
        return any(word in past or (_REGULAR["en"].match(word) and word not in _NO_PAST_EN) for word in words)
    spoken = words[:-1] if words and words[-1].endswith("ten") else words  # an infinitive ends the sentence
    if any(_is_german_past(word, before) for before, word in pairwise(("", *spoken))):
        return True
    perfect = tables.words("perfect_de.txt")
    return any(word in perfect for word in words) and any(map(_PARTICIPLE.match, words))


def _is_german_past(word: str, before: str) -> bool:
    """Whether a word is a past form and no adjective, which an article or another adjective would precede."""
    if word in tables.words("past_de.txt"):
        return True
    if not _REGULAR["de"].match(word) or word in tables.words("no_past_de.txt"):
        return False
    lowered = before.lower()
    adjective = before.islower() and lowered.endswith(("en", "er"))
    return not adjective and lowered not in tables.words("determiners_de.txt")


@cache
def _irregular_past() -> frozenset[str]:
    """Return the English past forms that do not end in -ed."""
    lemmas = forms("en").lemmas
    verbs = {row[0] for row in tables.rows("verbs_en.tsv")}
    past = {form for form, verb in lemmas.items() if verb in verbs and form != verb and form[-1] not in "sg"}
    return frozenset(form for form in past if not is_stopword(form, "en"))
