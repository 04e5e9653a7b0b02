"""Where everything is watched: does a statement tell what no earlier one told?

There is no base and no storyline there, so what makes a statement news is only what was heard before: in the reports
that its article likely retells, and in the article itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.language.tables import LANGUAGES
from watcher.novelty.company import alike
from watcher.novelty.crowd import Alike
from watcher.novelty.evidence import LEAD, Sight
from watcher.novelty.likeness import number
from watcher.novelty.odds import logistic
from watcher.novelty.survey import Round

# A statement is fresh from this likelihood on.
FRESH_FROM = 0.5
_NOISE, _HALF = 3, 0.5
# Marks of names and dates, which come again in whatever happens, and digits of a sum that is a mark itself.
_NOT_TOLD = "@%$"
# Worded so much more like an explanation than like anything that happened (the likelihoods are four to one), a
# statement under the opening is no news although nobody told it. Chosen on sentences added to articles; headlines and
# briefs, which tell what happens in the present, stand at the opening.
_EXPLAINS = 0.2
# So many words nobody told say as much as any more: a table is no hundredfold news.
_MANY = 24


def evidence(sights: Sequence[Sight], joined: Sequence[Alike], furniture: Sequence[bool]) -> list[dict[str, float]]:
    """What speaks for each statement of an article being heard for the first time: how many of its words and figures
    were told neither by the reports the article likely retells nor by itself before.

    `joined`: earlier articles with the log odds that they tell the same development. A word one of them told counts as
    told as far as that is likely. `furniture`: which statements tell nothing; a box may name what the text tells next.
    """
    told: dict[int, float] = {}
    for one in joined:
        likely = logistic(one.score)
        for mark in one.gist.told:
            told[mark] = 1.0 - (1.0 - told.get(mark, 0.0)) * (1.0 - likely)
    rows = []
    for sight, is_furniture in zip(sights, furniture, strict=True):
        said = [number(mark) for mark in sight.marks if mark[0] not in _NOT_TOLD]
        untold = sum(1.0 - told.get(mark, 0.0) for mark in said)
        rows.append(
            {
                "untold": min(untold, _MANY),
                "told_share": 1.0 - untold / max(1, len(said)),
            }
        )
        if not is_furniture:
            told |= dict.fromkeys(said, 1.0)
    return rows


def rounds(told: Sequence[Round], title: Sight, sights: Sequence[Sight], joined: Sequence[Alike]) -> tuple[Round, ...]:
    """What the models of a storyline think of each statement, with what was heard of it in place of what is fresh.

    Boilerplate is as little news as it is likely boilerplate, and what only explains is none. The headline told again
    is worded like a pointer to another article, but points to none.
    """
    headline = title.statement.text
    noise = [
        0.0 if sight.statement.text == headline else round_[_NOISE] for round_, sight in zip(told, sights, strict=True)
    ]
    model = alike().heard
    heard = (model.probabilities(row)[0] for row in evidence(sights, joined, [p >= _HALF for p in noise]))
    return tuple(
        _with_fresh((*round_[:_NOISE], p), 0.0 if _explains(sight) else fresh * (1.0 - p))
        for round_, p, sight, fresh in zip(told, noise, sights, heard, strict=True)
    )


def _explains(sight: Sight) -> bool:
    seen = sight.alone
    if sight.statement.position < LEAD or sight.statement.lang not in LANGUAGES:
        return False
    return seen["reads_background"] - max(seen["reads_fresh"], seen["reads_known"]) >= _EXPLAINS


def _with_fresh(round_: Round, fresh: float) -> Round:
    """The likeliest of the other classes takes what is left: it wins when fresh is less likely than not."""
    rest = max(range(1, len(round_)), key=lambda at: (round_[at], -at))
    return (fresh, *(1.0 - fresh if at == rest else 0.0 for at in range(1, len(round_))))
