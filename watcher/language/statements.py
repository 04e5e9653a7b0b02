"""Article -> reading: every sentence with its terms, names, amounts, dates and cues."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from watcher.language import amounts, cues, dates, tables
from watcher.language.lexicon import terms
from watcher.language.names import Gazetteer, Mention, proper, unify
from watcher.language.sentences import split
from watcher.language.words import fold, tokenise
from watcher.records import ArticleText, Reading, Statement


def read(article: ArticleText, gazetteer: Gazetteer, article_id: str = "") -> Reading:
    """Understand an article: its title and its sentences in order, positions counted from 0 (the title has -1).

    Surnames are brought to the full names the article tells; a sentence that begins with a pronoun and names no actor
    takes the one actor of the sentence before. `article_id` defaults to the URL.
    """
    lang = article.lang
    sentences = [
        (number, sentence) for number, paragraph in enumerate(article.paragraphs) for sentence in split(paragraph, lang)
    ]
    title = understand(article.title, lang, article.published, gazetteer, position=-1, paragraph=-1)
    statements = [
        understand(sentence, lang, article.published, gazetteer, position=position, paragraph=paragraph)
        for position, (paragraph, sentence) in enumerate(sentences)
    ]
    title, *statements = _with_names([title, *statements], gazetteer)
    return Reading(
        article=article_id or article.url,
        title=title,
        statements=tuple(statements),
        lang=lang,
        published=article.published,
        outlet=article.outlet,
        url=article.url,
        partial=article.partial,
    )


def understand(
    text: str, lang: str, published: datetime, gazetteer: Gazetteer, *, position: int = 0, paragraph: int = 0
) -> Statement:
    """Understand one sentence on its own. `published` carries the article's local zone."""
    mentions = gazetteer.mentions(text)
    return Statement(
        position=position,
        paragraph=paragraph,
        text=text,
        lang=lang,
        terms=terms(text, lang),
        names=_names(mentions, proper(text, lang, mentions)),
        amounts=amounts.find(text, lang),
        dates=dates.find(text, lang, published),
        cues=cues.find(text, lang),
    )


def _names(mentions: tuple[Mention, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(mention.name for mention in mentions), *others)))


def _with_names(statements: list[Statement], gazetteer: Gazetteer) -> list[Statement]:
    """Unify surnames over the article and let pronouns inherit their actor."""
    unified = unify([statement.names for statement in statements])
    found: list[Statement] = []
    for at, (statement, names) in enumerate(zip(statements, unified, strict=True)):
        before = gazetteer.find(found[at - 1].text) if at > 1 else ()
        if len(before) == 1 and _refers_back(statement) and not gazetteer.find(statement.text):
            names = (*names, before[0])
        found.append(_renamed(statement, names))
    return found


def _refers_back(statement: Statement) -> bool:
    """Whether a sentence begins with a pronoun or a stand-in such as `the company`."""
    words = [fold(token) for token in tokenise(statement.text)[:3]]
    known = tables.words(f"stand_ins_{tables.table_lang(statement.lang)}.txt")
    return bool(words) and (words[0] in known or "_".join(words[:2]) in known)


def _renamed(statement: Statement, names: tuple[str, ...]) -> Statement:
    return statement if names == statement.names else replace(statement, names=names)
