"""Where everything is watched: does a statement tell what no earlier one told?

There is no base and no storyline there, so what makes a statement news is only what was heard before: of the statement
itself, and of the development its article tells.
"""

from __future__ import annotations

from collections.abc import Sequence

from watcher.language.tables import LANGUAGES
from watcher.novelty.company import alike
from watcher.novelty.crowd import Alike
from watcher.novelty.evidence import LEAD, Sight
from watcher.novelty.odds import logistic
from watcher.novelty.survey import Round

# Beyond these log odds it makes no difference how sure a join is.
SURE = 6.0
# A statement is fresh from this likelihood on.
FRESH_FROM = 0.5
_NOISE, _HALF = 3, 0.5
# Worded so much more like an explanation than like anything that happened (the likelihoods are four to one), a
# statement under the opening is no news although nobody told it. Chosen on sentences added to articles; headlines and
# briefs, which tell what happens in the present, stand at the opening.
_EXPLAINS = 0.2
_ALONE = ("likeness", "covers", "uncovered", "unheard", "unheard_names", "amounts_told", "amounts_untold", "length")


def evidence(sights: Sequence[Sight], joined: Sequence[Alike]) -> list[dict[str, float]]:
    """What speaks for each statement of an article being heard for the first time.

    `joined`: earlier articles with the log odds that they tell the same development, likeliest first.
    """
    best = max(-SURE, min(SURE, joined[0].score)) if joined else -SURE
    company = sum(one.score >= 0.0 for one in joined)
    there = {one.article for one in joined if one.score >= 0.0}
    rows = []
    for at, sight in enumerate(sights):
        ours = max((match.likeness for match in sight.matches if match.told.article in there), default=0.0)
        covers = max((match.covers for match in sight.matches if match.told.article in there), default=0.0)
        rows.append(
            {
                **{name: sight.alone[name] for name in _ALONE},
                "joins": best,
                "joined": float(best >= 0.0),
                "company": min(1.0, company / 8),
                "told_there": ours,
                "covered_there": covers,
                "opening": float(at == 0),
                "uncovered_joined": sight.alone["uncovered"] * (best >= 0.0),
                "uncovered_company": sight.alone["uncovered"] * min(1.0, company / 8),
                "uncovered_long": sight.alone["uncovered"] * sight.alone["length"],
            }
        )
    return rows


def rounds(told: Sequence[Round], sights: Sequence[Sight], joined: Sequence[Alike]) -> tuple[Round, ...]:
    """What the models of a storyline think of each statement, with what was heard of it in place of what is fresh.

    Boilerplate stays what it is, and what only explains is not fresh.
    """
    model = alike().heard
    heard = (logistic(model.log_odds(row)) for row in evidence(sights, joined))
    return tuple(
        round_ if round_[_NOISE] >= _HALF else _with_fresh(round_, 0.0 if _explains(sight) else fresh)
        for round_, sight, fresh in zip(told, sights, heard, strict=True)
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
