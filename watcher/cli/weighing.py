"""Which weights judge, in one sentence: for the overview, `learn` and `doctor`."""

from __future__ import annotations

from watcher.edges.alert_text import counted
from watcher.flow.taste import InUse


def told_weights(used: InUse) -> str:
    """Say which weights judge, in one sentence; '' for the shipped ones that nobody touched."""
    if used.kept is None:
        return ""
    made = f"Weights learned on {used.kept.at.astimezone():%Y-%m-%d} from {counted(used.kept.decisions, 'decision')}"
    if used.set_aside:
        return (
            f"{made} are set aside: they correct other weights than those shipped now, which are in use. watcher learn"
        )
    return f"{made} are in use; watcher learn --revert goes back."
