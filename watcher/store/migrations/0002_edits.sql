-- What was edited after publication: what differs between versions, sources that took something back, pages that are
-- not believed, articles that were taken down.

ALTER TABLE article ADD COLUMN gone_at TEXT;           -- when it was found taken down; null: it stands
ALTER TABLE article ADD COLUMN changed_at TEXT;        -- when its last edit was seen; null: never edited

ALTER TABLE version ADD COLUMN seen_at TEXT;           -- when this text stood there last
ALTER TABLE version ADD COLUMN follows INTEGER;        -- number of the version it was compared with; null: the first
UPDATE version SET seen_at = fetched_at;

-- What a reader would notice between a version and the one it follows, in reading order.
CREATE TABLE edit (
  version_id INTEGER NOT NULL REFERENCES version ON DELETE CASCADE,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,                                  -- title | added | removed | reworded | note
  before TEXT,
  after TEXT,
  was TEXT,                                            -- a corrected figure, date or name
  now TEXT,
  weaker INTEGER NOT NULL DEFAULT 0,                   -- said less firmly than before
  PRIMARY KEY (version_id, number)
) STRICT, WITHOUT ROWID;

-- Sources that no longer say what a development rests on.
CREATE TABLE withdrawal (
  id INTEGER PRIMARY KEY,
  development_id INTEGER NOT NULL REFERENCES development ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES article ON DELETE CASCADE,
  kind TEXT NOT NULL,                                  -- removed | weakened | gone
  before TEXT NOT NULL,                                -- the sentence as it stood
  after TEXT,
  noted_at TEXT NOT NULL,
  UNIQUE (development_id, article_id, kind, before)
) STRICT;

-- The last text of an article that was not believed to be an edit.
CREATE TABLE suspicion (
  article_id INTEGER PRIMARY KEY REFERENCES article ON DELETE CASCADE,
  site TEXT NOT NULL,
  outlet TEXT NOT NULL,
  kind TEXT NOT NULL,                                  -- less | block | other
  reason TEXT NOT NULL,
  digest TEXT NOT NULL,
  lines TEXT NOT NULL,                                 -- JSON: the plain sentences that were new in it
  first_seen_at TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  times INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX suspicion_site ON suspicion (site);
