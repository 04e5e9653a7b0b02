-- The first schema. Times are RFC 3339 in UTC with microseconds and Z, so that they sort as text.
-- Upper half: what was fetched and understood; it belongs to nobody's storyline.
-- Lower half: what was judged; every row belongs to one storyline.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,                 -- as configured
  name TEXT NOT NULL,
  lang TEXT NOT NULL DEFAULT '',
  every_s REAL,                             -- the feed's own pause, when the config gives one
  enabled INTEGER NOT NULL DEFAULT 1,
  moved_to TEXT,                            -- target of a permanent redirect, asked instead of url
  etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  body_hash TEXT NOT NULL DEFAULT '',       -- of the last body that was parsed and saved
  health TEXT NOT NULL DEFAULT 'new',       -- new | ok | failing | refused | gone
  problem TEXT NOT NULL DEFAULT '',         -- why, in one sentence
  note TEXT NOT NULL DEFAULT '',            -- what was odd about a body that could still be read
  fails INTEGER NOT NULL DEFAULT 0,         -- in a row
  first_polled_at TEXT,
  polled_at TEXT,
  ok_at TEXT,
  new_at TEXT,                              -- last time it brought an entry we did not have
  brings_per_day REAL,                      -- smoothed
  due_at TEXT NOT NULL
) STRICT;
CREATE INDEX feed_due ON feed (due_at) WHERE enabled;

CREATE TABLE article (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL,
  outlet TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT '',
  published_at TEXT,
  first_seen_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',    -- waiting | read | failed | gone
  due_at TEXT,                              -- when it is read next; null: not again
  fails INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  rechecks INTEGER NOT NULL DEFAULT 0,      -- how often it was read again
  etag TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  CHECK (state IN ('waiting', 'read', 'failed', 'gone'))
) STRICT;
CREATE INDEX article_due ON article (due_at) WHERE due_at IS NOT NULL;

-- Every address that leads to an article: entry links, redirect targets, canonical links (`edges.links.key`).
CREATE TABLE address (
  url_key TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX address_article ON address (article_id);

CREATE TABLE entry (
  id INTEGER PRIMARY KEY,
  feed_id INTEGER NOT NULL REFERENCES feed ON DELETE CASCADE,
  identity TEXT NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  summary TEXT NOT NULL DEFAULT '',
  author TEXT NOT NULL DEFAULT '',
  source TEXT NOT NULL DEFAULT '',
  lang TEXT NOT NULL DEFAULT '',
  published_at TEXT,
  updated_at TEXT,
  seen_at TEXT NOT NULL,
  digest TEXT NOT NULL,                     -- of title, summary and updated: tells an edited entry
  article_id INTEGER REFERENCES article ON DELETE SET NULL,
  UNIQUE (feed_id, identity)
) STRICT;
CREATE INDEX entry_article ON entry (article_id);

CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  lang TEXT NOT NULL,
  outlet TEXT NOT NULL,
  published_at TEXT NOT NULL,
  offset_minutes INTEGER NOT NULL DEFAULT 0, -- the zone the outlet wrote its time in: weekdays are meant there
  partial INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  paragraphs BLOB NOT NULL,                 -- JSON array, zlib
  digest TEXT NOT NULL,                     -- of the text a reader would notice
  fetched_at TEXT NOT NULL,
  UNIQUE (article_id, number),
  UNIQUE (article_id, digest)
) STRICT;

CREATE TABLE statement (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  position INTEGER NOT NULL,                -- -1 is the title
  paragraph INTEGER NOT NULL,
  text TEXT NOT NULL,
  lang TEXT NOT NULL,
  understood TEXT NOT NULL,                 -- JSON: terms, names, amounts, dates, cues
  UNIQUE (version_id, position)
) STRICT;

-- ---------------------------------------------------------------------------------------------------------- judged --

CREATE TABLE storyline (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
) STRICT;

-- Articles a storyline asked to have read, and why.
CREATE TABLE interest (
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
  reason TEXT NOT NULL,
  PRIMARY KEY (storyline_id, article_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE development (
  id INTEGER PRIMARY KEY,                   -- shown as D12
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  status TEXT NOT NULL DEFAULT 'open',
  verdict TEXT NOT NULL,
  confidence REAL NOT NULL,
  headline TEXT NOT NULL,
  opened_at TEXT NOT NULL,
  published_at TEXT NOT NULL,
  alert INTEGER NOT NULL,                   -- whether it is worth a message (since, min_confidence)
  later_until TEXT,
  event TEXT,                               -- the event it became or was merged into
  nearest TEXT NOT NULL DEFAULT '[]',       -- JSON
  CHECK (status IN ('open', 'accepted', 'merged', 'dismissed', 'later'))
) STRICT;
CREATE INDEX development_status ON development (storyline_id, status);

CREATE TABLE judgement (
  id INTEGER PRIMARY KEY,
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  relevant INTEGER NOT NULL,
  reason TEXT NOT NULL,
  flagged INTEGER NOT NULL,
  development_id INTEGER REFERENCES development ON DELETE SET NULL,
  opens INTEGER NOT NULL DEFAULT 0,
  confidence REAL NOT NULL DEFAULT 0,
  copy_of INTEGER REFERENCES article ON DELETE SET NULL,
  judged_at TEXT NOT NULL,
  UNIQUE (storyline_id, version_id)
) STRICT;
CREATE INDEX judgement_development ON judgement (development_id);

CREATE TABLE finding (
  judgement_id INTEGER NOT NULL REFERENCES judgement ON DELETE CASCADE,
  statement_id INTEGER NOT NULL REFERENCES statement ON DELETE CASCADE,
  verdict TEXT NOT NULL,
  event TEXT,
  was TEXT,
  now TEXT,
  score REAL NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (judgement_id, statement_id)
) STRICT, WITHOUT ROWID;

-- Versions that wait for the judge: written with the version, gone with its judgement.
CREATE TABLE unjudged (
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  PRIMARY KEY (storyline_id, version_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unjudged_version ON unjudged (version_id);

CREATE TABLE event (
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  id TEXT NOT NULL,
  date TEXT NOT NULL,
  date_precision TEXT NOT NULL,
  title TEXT NOT NULL,
  summary TEXT NOT NULL,
  actors TEXT NOT NULL DEFAULT '[]',        -- JSON
  figures TEXT NOT NULL DEFAULT '[]',       -- JSON
  kind TEXT NOT NULL DEFAULT 'other',
  disputed TEXT NOT NULL DEFAULT '[]',      -- JSON
  origin TEXT NOT NULL,                     -- storyline | person | development
  created_at TEXT NOT NULL,
  PRIMARY KEY (storyline_id, id)
) STRICT;

CREATE TABLE wording (
  id INTEGER PRIMARY KEY,
  storyline_id INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  lang TEXT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (storyline_id, event_id, text),
  FOREIGN KEY (storyline_id, event_id) REFERENCES event ON DELETE CASCADE
) STRICT;

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  development_id INTEGER NOT NULL REFERENCES development ON DELETE CASCADE,
  kind TEXT NOT NULL,                       -- accept | merge | dismiss | later
  payload TEXT NOT NULL,                    -- JSON: what was said
  undo TEXT NOT NULL,                       -- JSON: what it takes to take it back
  decided_at TEXT NOT NULL,
  undone_at TEXT
) STRICT;

-- The outbox. A row is written with the finding it tells of and stays until a channel took it or never will.
CREATE TABLE alert (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,                 -- the webhook-id and the Message-ID: the same in every repeat
  storyline_id INTEGER NOT NULL REFERENCES storyline ON DELETE CASCADE,
  development_id INTEGER REFERENCES development ON DELETE CASCADE,
  channel TEXT NOT NULL,                    -- email, or webhook:NAME
  type TEXT NOT NULL,                       -- development.opened | development.updated | health.changed | digest | test
  body TEXT NOT NULL,                       -- JSON: the data as it was when the alert was written
  created_at TEXT NOT NULL,
  due_at TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',    -- waiting | sent | failed | bundled (told in a digest)
  attempts INTEGER NOT NULL DEFAULT 0,
  problem TEXT NOT NULL DEFAULT '',
  sent_at TEXT,
  CHECK (state IN ('waiting', 'sent', 'failed', 'bundled'))
) STRICT;
CREATE INDEX alert_due ON alert (due_at) WHERE state = 'waiting';

-- How often what the verdicts rest on was changed by a person: the daemon reads its memory anew when it moves.
INSERT INTO meta VALUES ('knowledge', '0');
