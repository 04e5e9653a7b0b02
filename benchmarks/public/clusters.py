"""The figures of a stream put into developments, as the scorers of the public sets define them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from benchmarks.public.alike_streams import Stream

# A false alarm beside a missed first report, as topic detection weighs them: 0.1 and 1, one article in fifty is new.
FALSE_ALARM = 4.9


def figures(stream: Stream, said: Sequence[str]) -> dict[str, float]:
    """New-event F1, recall of a topic's second event, detection cost, BCubed F1 and the links of second reports."""
    new, opened = _opens(stream.events), _opens(said)
    hits = sum(a and b for a, b in zip(new, opened, strict=True))
    missed = 1.0 - hits / sum(new)
    false = (sum(opened) - hits) / max(1, len(new) - sum(new))
    hard = [at for at in range(len(new)) if new[at] and stream.topics[at] and stream.topics[at] in stream.topics[:at]]
    found = {"new_F1": 2 * hits / (sum(new) + sum(opened)), "Cdet": missed + FALSE_ALARM * false}
    if hard:
        found["hard_new_R"] = sum(opened[at] for at in hard) / len(hard)
    found["B3_F1"] = bcubed(said, stream.events)
    if stream.set == "dewikinews":
        second = [at for at in range(len(new)) if not new[at]]
        found["link_acc"] = sum(said[at] == said[stream.events.index(stream.events[at])] for at in second) / len(second)
    return found


def _opens(labels: Sequence[str]) -> list[bool]:
    seen: set[str] = set()
    return [not (label in seen or seen.add(label)) for label in labels]


def bcubed(said: Sequence[str], true: Sequence[str]) -> float:
    """The harmonic mean of BCubed precision and recall."""
    both = Counter(zip(said, true, strict=True))
    ours, theirs = Counter(said), Counter(true)
    parts: dict[str, float] = defaultdict(float)
    for (a, b), n in both.items():
        parts["precision"] += n * n / ours[a]
        parts["recall"] += n * n / theirs[b]
    precision, recall = parts["precision"] / len(true), parts["recall"] / len(true)
    return 2 * precision * recall / (precision + recall)
