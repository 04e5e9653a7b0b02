"""The outbox: a row for every alert and channel, written with what it tells of and kept until its end is known.

Functions that write expect an open transaction; those after an outside call a `durable` one.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.errors import NotFound
from watcher.policy.alerting import alert_key, digest_key
from watcher.policy.spate import MOST_TOLD
from watcher.store.columns import json_text, moment, moment_or_none, stamp

DIGEST = "digest"
TEST = "test"
_DEVELOPMENT_KINDS = "development.*"
_HELD, _MUCH = "held for one message: ", " brought very much at once"
_IS_HELD = f"problem GLOB '{_HELD}*'"
_A_DAY = timedelta(days=1)
_MOST_TOLD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A row of the outbox. `thread` is the key of the development's first alert in the same channel.

    `state` is waiting, sent, failed or bundled (told in a digest); `problem` says what went wrong last.
    """

    id: int
    key: str
    thread: str
    channel: str
    type: str
    data: Mapping[str, Any]
    created: datetime
    due: datetime
    state: str
    attempts: int
    problem: str
    sent: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What of a channel is held for one message about a feed: when the first and the last of it were written, and how
    many such messages were made within a day.
    """

    feed: str
    oldest: datetime
    newest: datetime
    told: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many alerts of the outbox are in each state."""

    waiting: int
    sent: int
    failed: int


def put(
    db: sqlite3.Connection,
    *,
    storyline_id: int,
    development_id: int | None,
    type: str,  # noqa: A002  the contract's word for it
    data: Mapping[str, Any],
    channels: Sequence[str],
    now: datetime,
    held: str = "",
) -> int:
    """Write one alert for each channel, due at once. Returns how many were written.

    Those `held` for a feed, by its name, are never sent alone but in one message with all of that feed (`bundle_held`).

    The key of an alert counts the alerts its development (or its kind) has in that channel, so it is never given twice.
    """
    state = _state_id(db)
    subject = "" if development_id is None else str(development_id)
    for channel in channels:
        number = _count(db, storyline_id, development_id, type, channel) + 1
        kind = type if development_id is None else "development"
        key = alert_key(state=state, subject=f"{storyline_id}/{subject}", kind=kind, number=number, channel=channel)
        db.execute(
            """INSERT INTO alert (key, storyline_id, development_id, channel, type, body, created_at, due_at, problem)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                key,
                storyline_id,
                development_id,
                channel,
                type,
                json_text(dict(data)),
                stamp(now),
                stamp(now),
                f"{_HELD}{held}{_MUCH}" if held else "",
            ),
        )
    return len(channels)


def due(db: sqlite3.Connection, channel: str, now: datetime, *, kinds: str = "*") -> Alert | None:
    """Find the oldest alert of a channel that is due. `kinds` is a glob for types, a leading `!` turns it around."""
    return _first(db, channel, kinds, "due_at <= ?", "created_at, id", stamp(now))


def probe(db: sqlite3.Connection, channel: str, *, kinds: str = "*") -> Alert | None:
    """Find the alert to try a silent channel with: due or not, the one tried least, so that an odd one cannot block."""
    return _first(db, channel, kinds, "? = ''", "attempts, created_at, id", "")


def waits_for_retry(db: sqlite3.Connection, channel: str) -> bool:
    """Whether an alert of the channel failed before and is to be tried again."""
    query = "SELECT 1 FROM alert WHERE state = 'waiting' AND channel = ? AND attempts > 0 LIMIT 1"
    return db.execute(query, (channel,)).fetchone() is not None


def waiting_channels(db: sqlite3.Connection) -> set[str]:
    """Name the channels that have alerts waiting, configured or not."""
    return {row[0] for row in db.execute("SELECT DISTINCT channel FROM alert WHERE state = 'waiting'")}


def mark_sent(db: sqlite3.Connection, alert_id: int, now: datetime, note: str = "") -> None:
    """Save that a channel took an alert; `note` names addressees that did not."""
    db.execute(
        """UPDATE alert SET state = 'sent', attempts = attempts + 1, problem = ?, sent_at = ? WHERE id = ?""",
        (note, stamp(now), alert_id),
    )


def mark_retry(db: sqlite3.Connection, alert_id: int, due_at: datetime, problem: str) -> None:
    """Save that an alert failed and is tried again from `due_at` on."""
    db.execute(
        "UPDATE alert SET attempts = attempts + 1, problem = ?, due_at = ? WHERE id = ? AND state = 'waiting'",
        (problem, stamp(due_at), alert_id),
    )


def mark_failed(db: sqlite3.Connection, alert_id: int, problem: str) -> None:
    """Save that an alert is not tried any more. It stays listed."""
    db.execute(
        "UPDATE alert SET state = 'failed', attempts = attempts + 1, problem = ? WHERE id = ? AND state = 'waiting'",
        (problem, alert_id),
    )


def fail_channel(db: sqlite3.Connection, channel: str, problem: str) -> int:
    """Save that nothing waiting for a channel can be sent. Returns how many alerts that were."""
    query = "UPDATE alert SET state = 'failed', problem = ? WHERE channel = ? AND state = 'waiting'"
    return db.execute(query, (problem, channel)).rowcount


def release(db: sqlite3.Connection, channel: str, now: datetime) -> int:
    """Make everything that rests in a channel due now: the channel is back. Returns how many alerts that were."""
    query = "UPDATE alert SET due_at = ? WHERE channel = ? AND state = 'waiting' AND due_at > ?"
    return db.execute(query, (stamp(now), channel, stamp(now))).rowcount


def retry(db: sqlite3.Connection, now: datetime, alert_ids: Sequence[int] | None = None) -> int:
    """Make failed alerts, and waiting ones that rest, due now: the given ones, or all. Returns how many.

    A retried alert keeps its key, and counts its attempts anew. Raises `NotFound` for one that does not exist or was
    told already.
    """
    if alert_ids is None:
        chosen = [
            row[0] for row in db.execute("SELECT id FROM alert WHERE state = 'failed' OR due_at > ?", (stamp(now),))
        ]
    else:
        chosen = list(dict.fromkeys(alert_ids))
    query = """UPDATE alert SET state = 'waiting', due_at = ?, attempts = 0
      WHERE id = ? AND state IN ('failed', 'waiting')"""
    done = 0
    for alert_id in chosen:
        changed = db.execute(query, (stamp(now), alert_id)).rowcount
        if not changed and alert_ids is not None:
            raise NotFound(f"there is no alert {alert_id} that waits or failed")
        done += changed
    return done


def bundle(db: sqlite3.Connection, channel: str, before: datetime, now: datetime) -> int | None:
    """Put what waits of developments and was written before `before` into one digest. Returns its id, if any.

    A development with several alerts is told once, as it was last; of very many, those that are surest are told.
    """
    rows = db.execute(
        """SELECT id, key, storyline_id, development_id, body FROM alert
        WHERE channel = ? AND state = 'waiting' AND type GLOB ? AND created_at < ? ORDER BY created_at, id""",
        (channel, _DEVELOPMENT_KINDS, stamp(before)),
    ).fetchall()
    return _put_digest(db, channel, rows, now) if rows else None


def held(db: sqlite3.Connection, channel: str, now: datetime) -> list[Held]:
    """List what of a channel is held, feed by feed."""
    rows = db.execute(
        f"""SELECT problem, min(created_at), max(created_at) FROM alert
        WHERE state = 'waiting' AND channel = ? AND {_IS_HELD} GROUP BY problem""",  # noqa: S608
        (channel,),
    ).fetchall()
    found = []
    for problem, oldest, newest in rows:
        feed = problem.removeprefix(_HELD).removesuffix(_MUCH)
        told = len(_told(db, channel, feed, now))
        found.append(Held(feed=feed, oldest=moment(oldest), newest=moment(newest), told=told))
    return found


def bundle_held(db: sqlite3.Connection, channel: str, feed: str, now: datetime) -> int | None:
    """Put every alert of a channel that is held for a feed into one digest. Returns its id, if any."""
    rows = db.execute(
        """SELECT id, key, storyline_id, development_id, body FROM alert
        WHERE channel = ? AND state = 'waiting' AND problem = ? ORDER BY created_at, id""",
        (channel, f"{_HELD}{feed}{_MUCH}"),
    ).fetchall()
    if not rows:
        return None
    told = [*_told(db, channel, feed, now), stamp(now)][-MOST_TOLD:]
    db.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_told_key(channel, feed), json_text(told)),
    )
    return _put_digest(db, channel, rows, now, feed=feed)


def _told(db: sqlite3.Connection, channel: str, feed: str, now: datetime) -> list[str]:
    """Give when the latest messages of what was held for a feed were made, as far as that is within a day."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (_told_key(channel, feed),)).fetchone()
    return [] if row is None else [told for told in json.loads(row[0]) if stamp(now - _A_DAY) < told <= stamp(now)]


def _told_key(channel: str, feed: str) -> str:
    return f"held {channel} {feed}"


def _put_digest(
    db: sqlite3.Connection, channel: str, rows: Sequence[sqlite3.Row], now: datetime, *, feed: str = ""
) -> int | None:  # fmt: skip
    latest = {row[3]: json.loads(row[4]) for row in rows}
    surest = sorted(latest, key=lambda one: -latest[one].get("confidence", 0.0))[:_MOST_TOLD]
    told = {"developments": [data for one, data in latest.items() if one in surest]}
    more = {"more": len(latest) - len(surest)} if len(latest) > len(surest) else {}
    cursor = db.execute(
        """INSERT INTO alert (key, storyline_id, channel, type, body, created_at, due_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        (
            digest_key(tuple(row[1] for row in rows)),
            rows[0][2],
            channel,
            DIGEST,
            json_text(told | more | ({"feed": feed} if feed else {})),
            stamp(now),
            stamp(now),
        ),
    )
    db.executemany("UPDATE alert SET state = 'bundled' WHERE id = ?", [(row[0],) for row in rows])
    return cursor.lastrowid


def listing(db: sqlite3.Connection, state: str | None = None, *, limit: int = 1000) -> list[Alert]:
    """List alerts, newest first; of one state, or of all."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM alert WHERE ? IS NULL OR state = ? ORDER BY id DESC LIMIT ?",  # noqa: S608
        (state, state, limit),
    )
    return [_alert(row) for row in rows]


def tally(db: sqlite3.Connection) -> Tally:
    """Count the outbox."""
    found = dict(db.execute("SELECT state, count(*) FROM alert GROUP BY state").fetchall())
    return Tally(waiting=found.get("waiting", 0), sent=found.get("sent", 0), failed=found.get("failed", 0))


_COLUMNS = """id, key, channel, type, body, created_at, due_at, state, attempts, problem, sent_at,
  coalesce((SELECT first.key FROM alert AS first WHERE first.development_id = alert.development_id
    AND first.channel = alert.channel AND first.state != 'bundled' ORDER BY first.id LIMIT 1), key) AS thread"""


def _first(db: sqlite3.Connection, channel: str, kinds: str, rest: str, order: str, value: str) -> Alert | None:
    wanted = "type NOT GLOB ?" if kinds.startswith("!") else "type GLOB ?"
    row = db.execute(
        f"SELECT {_COLUMNS} FROM alert WHERE state = 'waiting' AND channel = ? AND NOT {_IS_HELD} "  # noqa: S608
        f"AND {wanted} AND {rest} "
        f"ORDER BY {order} LIMIT 1",
        (channel, kinds.removeprefix("!"), value),
    ).fetchone()
    return None if row is None else _alert(row)


def _alert(row: tuple[Any, ...]) -> Alert:
    return Alert(
        id=row[0],
        key=row[1],
        channel=row[2],
        type=row[3],
        data=json.loads(row[4]),
        created=moment(row[5]),
        due=moment(row[6]),
        state=row[7],
        attempts=row[8],
        problem=row[9],
        sent=moment_or_none(row[10]),
        thread=row[11],
    )


def _count(db: sqlite3.Connection, storyline_id: int, development_id: int | None, kind: str, channel: str) -> int:
    if development_id is None:
        query = (
            "SELECT count(*) FROM alert WHERE storyline_id = ? AND development_id IS NULL AND type = ? AND channel = ?"
        )
        return int(db.execute(query, (storyline_id, kind, channel)).fetchone()[0])
    query = "SELECT count(*) FROM alert WHERE development_id = ? AND channel = ?"
    return int(db.execute(query, (development_id, channel)).fetchone()[0])


def _state_id(db: sqlite3.Connection) -> str:
    """Give the random name of this state: it keeps the keys of two installations apart."""
    db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('state', ?)", (secrets.token_hex(16),))
    return str(db.execute("SELECT value FROM meta WHERE key = 'state'").fetchone()[0])
