"""Article -> reading: every sentence with its terms, names, amounts, dates and cues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watcher.language import amounts, cues, dateline, dates, tables
from watcher.language.lexicon import terms
from watcher.language.names import Gazetteer, Mention, proper, unify
from watcher.language.sentences import split
from watcher.language.words import fold, tokenise
from watcher.records import ArticleText, DateMention, Reading, Statement

_LONGEST = 10_000
"""Characters of a sentence that are understood; no sentence is longer, only damaged text."""
_FIRST = 1
"""The place of an article's first sentence, behind its title."""
_REACH = 2
"""So many sentences back a date may have been named from which "two years later" is told."""


def read(article: ArticleText, gazetteer: Gazetteer, article_id: str = "") -> Reading:
    """Understand an article: its title and its sentences in order, positions counted from 0 (the title has -1).

    Surnames are brought to the full names the article tells; weak names count for actors that the article names
    strongly somewhere; a sentence that begins with a pronoun and names no actor takes the one actor of the sentence
    before. `article_id` defaults to the URL.
    """
    texts = [(-1, article.title)]
    for number, paragraph in enumerate(article.paragraphs):
        texts += [(number, sentence) for sentence in split(paragraph, article.lang)]
    statements: list[Statement] = []
    actors: list[tuple[str, ...]] = []
    begins = [_begin(text, article.lang, gazetteer) if at == _FIRST else 0 for at, (_, text) in enumerate(texts)]
    found = _mentions([text[begin:_LONGEST] for (_, text), begin in zip(texts, begins, strict=True)], gazetteer)
    last_dates: list[DateMention | None] = []
    for at, ((number, text), begin, mentions) in enumerate(zip(texts, begins, found, strict=True)):
        actors.append(tuple(dict.fromkeys(mention.name for mention in mentions)))
        before = next(filter(None, reversed(last_dates[max(_FIRST, at - _REACH) :])), None)
        understood = _understand(text, begin, article.lang, article.published, mentions, before)
        last_dates.append(understood.dates[-1] if understood.dates else None)
        statements.append(replace(understood, position=at - 1, paragraph=number))
    title, *sentences = _with_names(statements, actors)
    return Reading(
        article=article_id or article.url,
        title=title,
        statements=tuple(sentences),
        lang=article.lang,
        published=article.published,
        outlet=article.outlet,
        url=article.url,
        partial=article.partial,
    )


def understand(text: str, lang: str, published: datetime, gazetteer: Gazetteer) -> Statement:
    """Understand one sentence on its own, at position 0. `published` carries the article's local zone."""
    begin = _begin(text, lang, gazetteer)
    (mentions,) = _mentions([text[begin:_LONGEST]], gazetteer)
    return _understand(text, begin, lang, published, mentions)


def understood_again(statement: Statement) -> Statement:
    """The same sentence as today's tables have it, but for its names and dates: other sentences had a say in them."""
    body = statement.text[statement.begin : _LONGEST]
    return replace(
        statement,
        terms=terms(body, statement.lang),
        amounts=amounts.find(body, statement.lang),
        cues=cues.find(body, statement.lang),
    )


def _begin(text: str, lang: str, gazetteer: Gazetteer) -> int:
    """Where the first sentence of a report begins: where it was filed is none of what it tells. What names an actor is
    no dateline.
    """
    begin = dateline.end(text, lang)
    return 0 if gazetteer.mentions(text[:begin]) else begin


def _mentions(texts: Sequence[str], gazetteer: Gazetteer) -> list[tuple[Mention, ...]]:
    """Return the actors each text names, in order; by a weak name only those that one of the texts names strongly."""
    strong = [gazetteer.mentions(text) for text in texts]
    named = {mention.name for mentions in strong for mention in mentions}
    found = []
    for text, mentions in zip(texts, strong, strict=True):
        weak = [mention for mention in gazetteer.weak_mentions(text, mentions) if mention.name in named]
        found.append(tuple(sorted((*mentions, *weak), key=lambda mention: mention.start)) if weak else mentions)
    return found


def _understand(
    text: str,
    begin: int,
    lang: str,
    published: datetime,
    mentions: tuple[Mention, ...],
    before: DateMention | None = None,
) -> Statement:
    body = text[begin:_LONGEST]
    names = (*(mention.name for mention in mentions), *proper(body, lang, mentions))
    return Statement(
        position=0,
        paragraph=0,
        text=text,
        lang=lang,
        terms=terms(body, lang),
        names=tuple(dict.fromkeys(names)),
        amounts=amounts.find(body, lang),
        dates=dates.find(body, lang, published, before),
        cues=cues.find(body, lang),
        begin=begin,
    )


def _with_names(statements: list[Statement], actors: list[tuple[str, ...]]) -> list[Statement]:
    """Unify surnames over the article and let pronouns inherit the one actor of the sentence before."""
    unified = unify([statement.names for statement in statements], [_head(statement.body) for statement in statements])
    found: list[Statement] = []
    for at, (statement, names) in enumerate(zip(statements, unified, strict=True)):
        before = actors[at - 1] if at > 1 else ()
        if len(before) == 1 and not actors[at] and _refers_back(statement):
            found.append(replace(statement, names=(*names, before[0])))
        else:
            found.append(statement if names == statement.names else replace(statement, names=names))
    return found


def _head(text: str) -> str:
    """Return the first word of a sentence without its possessive ending."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first.strip("„“”\"»«‚‘’',.:;()!?").removesuffix("'s").removesuffix("’s")


def _refers_back(statement: Statement) -> bool:
    """Whether a sentence begins with a pronoun or a stand-in such as `the company`."""
    words = [fold(token) for token in tokenise(statement.body[:60])[:2]]
    known = tables.words(f"stand_ins_{tables.table_lang(statement.lang)}.txt")
    return bool(words) and (words[0] in known or "_".join(words) in known)
