"""`learn`: what a person's decisions teach, shown before it counts; kept and given back in one command."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

import click

from watcher.cli import desk
from watcher.cli.desk import Desk
from watcher.cli.setting import Setting
from watcher.cli.terminal import mark, paint, plain, say, say_error, say_json, wrapped
from watcher.cli.weighing import told_weights
from watcher.edges.alert_text import counted
from watcher.edges.machine import now
from watcher.errors import WatcherError
from watcher.flow import taste
from watcher.flow.hindsight import Hindsight, look_back
from watcher.flow.likeness import open_likeness
from watcher.flow.proposal import Proposal, Sentence, Turned, propose, taught
from watcher.flow.taste import InUse
from watcher.flow.words import learn_words
from watcher.novelty.tuning import EACH, ENOUGH, Figures, Trial
from watcher.novelty.weights import shipped

_SHOWN = 5
_STATUSES = ("accepted", "merged", "dismissed")


@click.command()
@click.option("--keep", "keeps", is_flag=True, help="Put what was learned to use, when it is better.")
@click.option("--force", is_flag=True, help="With --keep: also when it is not.")
@click.option("--revert", "reverts", is_flag=True, help="Go back to what judged before the last --keep.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def learn(setting: Setting, keeps: bool, force: bool, reverts: bool, as_json: bool) -> None:
    """Learn from what you accepted, merged and dismissed, and show what that would change.

    Nothing changes without --keep. The figures are of decisions that were not learned from.
    """
    if reverts and (keeps or force):
        raise click.UsageError("--revert goes with neither --keep nor --force")
    if force and not keeps:
        raise click.UsageError("--force goes with --keep")
    if reverts:
        _go_back(setting, as_json)
        return
    with desk.deciding(setting) if keeps else desk.reading(setting) as open_desk:
        _learn(setting, open_desk, keeps, force, as_json)


def _go_back(setting: Setting, as_json: bool) -> None:
    with desk.deciding(setting) as open_desk:
        taste.revert(open_desk.db, open_desk.storyline_id)
        used = taste.in_use(open_desk.db, open_desk.storyline_id, shipped())
    if as_json:
        say_json({"in_use": _used_row(used)})
    else:
        say(f"Gone back. {told_weights(used) or 'The shipped weights are in use.'}")


def _learn(setting: Setting, open_desk: Desk, keeps: bool, force: bool, as_json: bool) -> None:
    if sys.stderr.isatty():
        say_error("laying every decision beside what was known then; this takes some seconds")
    learn_words(setting.config.language.dictionary, setting.state_dir)
    found = look_back(open_desk.db, setting.storyline, open_desk.storyline_id, shipped(), open_likeness(setting.config))
    proposal = propose(found, shipped())
    refused: WatcherError | None = None
    if keeps:
        try:
            _keep(open_desk, found, proposal, force)
        except WatcherError as error:
            refused = error
    used = taste.in_use(open_desk.db, open_desk.storyline_id, shipped())
    kept = keeps and refused is None
    if as_json:
        say_json(_document(found, proposal, used) | {"kept": kept})
    else:
        _say(found, proposal, used, kept)
    if refused is not None:
        raise refused


def _keep(open_desk: Desk, found: Hindsight, proposal: Proposal | None, force: bool) -> None:
    if proposal is None:
        raise WatcherError("not kept: there is not enough to learn from")
    if proposal.concerns and not force:
        raise WatcherError(f"not kept: {'; '.join(proposal.concerns)}. --force keeps it all the same")
    figures = {"before": _figures(proposal.developments.before), "after": _figures(proposal.developments.after)}
    taste.keep(
        open_desk.db, open_desk.storyline_id, proposal.weights, shipped(), decisions=taught(found), figures=figures,
        now=now(), forced=bool(proposal.concerns),
    )  # fmt: skip


# -- as words ----------------------------------------------------------------------------------------------------------


def _say(found: Hindsight, proposal: Proposal | None, used: InUse, kept: bool) -> None:
    say(_decided(found))
    if found.left_out:
        parts = ", ".join(f"{count} {reason}" for reason, count in sorted(found.left_out.items()))
        say(f"Cannot be looked back at: {parts}.")
    if proposal is None:
        why = "With fewer, not even a strong taste can be told from chance. Nothing changes."
        needed = f"it takes {ENOUGH} decisions, {EACH} of them accepted and {EACH} merged or dismissed"
        say(wrapped(f"Not enough to learn from: {needed}. {why}", ""))
    else:
        _say_proposal(proposal, found)
        _say_end(proposal, kept)
    if not kept:
        say(told_weights(used) or "The shipped weights are in use.")


def _decided(found: Hindsight) -> str:
    parts = ", ".join(f"{found.counts.get(name, 0)} {name}" for name in _STATUSES)
    total = sum(found.counts.values())
    return (
        f"You decided {counted(total, 'development')}: {parts}. {taught(found)} of them can teach the judge something."
    )


def _say_proposal(proposal: Proposal, found: Hindsight) -> None:
    trial = proposal.developments
    count = trial.before.right + trial.before.missed
    say(f"\nOn the later decisions, each with weights learned from earlier ones alone ({count} accepted):\n")
    say(f"{'':14}{'shipped':>9}{'learned':>9}")
    for name, value, words in _lines(trial):
        say(f"  {name:12}{value[0]:>9}{value[1]:>9}   " + paint(words, dim=True))
    sentences = proposal.statements
    say(
        f"\nSentences told as new: precision {_share(sentences.before.precision)} to "
        f"{_share(sentences.after.precision)}, recall {_share(sentences.before.recall)} to "
        f"{_share(sentences.after.recall)}."
    )
    _say_changes(proposal)
    say(
        f"\nOf the last {counted(len(found.lately), 'article')} on the storyline the shipped weights flag "
        f"{proposal.lately_before}, the learned ones {proposal.lately_after}."
    )


def _lines(trial: Trial) -> Iterator[tuple[str, tuple[str, str], str]]:
    before, after = trial.before, trial.after
    yield "precision", (_share(before.precision), _share(after.precision)), "of what is flagged, what you accepted"
    yield "recall", (_share(before.recall), _share(after.recall)), "of what you accepted, what is flagged"
    yield "false alerts", (str(before.false), str(after.false)), "flagged, and you merged or dismissed it"
    yield "missed", (str(before.missed), str(after.missed)), "you accepted it, and it would not be flagged"


def _say_changes(proposal: Proposal) -> None:
    if not proposal.turned and not proposal.sentences:
        say("\nWith all decisions learned, no verdict on them or on the last articles changes.")
        return
    say("\nWith all decisions learned, it would change:")
    for one in proposal.turned[:_SHOWN]:
        sign, word = ("+", "flagged") if one.flagged else ("=", "no longer flagged")
        what = one.seen.status.value if one.seen.status else "not decided"
        told = f"{one.seen.case.name} {word} ({what}; {one.before:.2f} to {one.after:.2f}): {one.seen.headline}"
        say(mark(sign) + wrapped(told, "    ", "   "))
    _say_more(len(proposal.turned), "articles")
    for line in proposal.sentences[:_SHOWN]:
        word = "new" if line.fresh else "no longer new"
        say(mark("+" if line.fresh else "=") + wrapped(f"{line.seen.case.name} {word}: {line.text}", "    ", "   "))
    _say_more(len(proposal.sentences), "sentences")


def _say_more(count: int, what: str) -> None:
    if count > _SHOWN:
        say(paint(f"   and {count - _SHOWN} more {what}: watcher learn --json", dim=True))


def _say_end(proposal: Proposal, kept: bool) -> None:
    say()
    if kept:
        say("Kept: it judges from the next article on, in a running daemon too. watcher learn --revert goes back.")
    elif proposal.concerns:
        for concern in proposal.concerns:
            say(f"Better not kept: {concern}.")
    else:
        say("This is better. watcher learn --keep puts it to use.")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


# -- as JSON -----------------------------------------------------------------------------------------------------------


def _document(found: Hindsight, proposal: Proposal | None, used: InUse) -> dict[str, Any]:
    return {
        "decisions": {name: found.counts.get(name, 0) for name in _STATUSES},
        "taught": taught(found),
        "left_out": dict(sorted(found.left_out.items())),
        "needed": {"decisions": ENOUGH, "each": EACH},
        "enough": proposal is not None,
        "proposal": None if proposal is None else _proposal_row(proposal, found),
        "in_use": _used_row(used),
    }


def _proposal_row(proposal: Proposal, found: Hindsight) -> dict[str, Any]:
    return {
        "better": not proposal.concerns,
        "concerns": list(proposal.concerns),
        "developments": _trial_row(proposal.developments),
        "sentences": _trial_row(proposal.statements),
        "lately": {
            "articles": len(found.lately),
            "flagged_before": proposal.lately_before,
            "flagged_after": proposal.lately_after,
        },
        "would_change": {
            "developments": [_turned_row(one) for one in proposal.turned],
            "sentences": [_sentence_row(one) for one in proposal.sentences],
        },
    }


def _trial_row(trial: Trial) -> dict[str, Any]:
    return {"before": _figures(trial.before), "after": _figures(trial.after)}


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "precision": None if figures.precision is None else round(figures.precision, 4),
        "recall": None if figures.recall is None else round(figures.recall, 4),
        "right": figures.right,
        "false": figures.false,
        "missed": figures.missed,
    }


def _turned_row(one: Turned) -> dict[str, Any]:
    return {
        "id": one.seen.case.name,
        "headline": plain(one.seen.headline),
        "status": one.seen.status.value if one.seen.status else None,
        "flagged": one.flagged,
        "confidence_before": round(one.before, 4),
        "confidence_after": round(one.after, 4),
    }


def _sentence_row(one: Sentence) -> dict[str, Any]:
    return {"id": one.seen.case.name, "text": plain(one.text), "new": one.fresh}


def _used_row(used: InUse) -> Mapping[str, Any]:
    if used.kept is None:
        return {"weights": "shipped", "set_aside": False}
    return {
        "weights": "shipped" if used.set_aside else "learned",
        "set_aside": used.set_aside,
        "learned": used.kept.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "decisions": used.kept.decisions,
        "forced": used.kept.forced,
        "figures": used.kept.figures,
    }
