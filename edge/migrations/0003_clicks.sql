-- Clicks, roll-ups of them, visits and shares.

CREATE TABLE click (
  -- The order of arrival, by which roll-ups go on. No number comes twice, because the newest click
  -- that was rolled up is never deleted; AUTOINCREMENT would write another page for each click.
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  channel TEXT,
  class TEXT NOT NULL,
  -- Keyed hash of network and agent, its key forgotten after two days.
  visitor TEXT,
  at INTEGER NOT NULL
) STRICT;

-- Who was counted once on a day, per referrer; forgotten with the key of the hash.
CREATE TABLE unique_visitor (
  day INTEGER NOT NULL,
  participant TEXT NOT NULL,
  visitor TEXT NOT NULL,
  click INTEGER NOT NULL,
  PRIMARY KEY (day, participant, visitor)
) STRICT, WITHOUT ROWID;

-- Clicks by quarter of an hour, per campaign, channel and class.
CREATE TABLE click_quarter (
  campaign TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  channel TEXT NOT NULL,
  class TEXT NOT NULL,
  clicks INTEGER NOT NULL,
  PRIMARY KEY (campaign, quarter, channel, class)
) STRICT, WITHOUT ROWID;

-- People's clicks by day and referrer: impressions, and unique ones.
CREATE TABLE click_day (
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  day INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  uniques INTEGER NOT NULL,
  PRIMARY KEY (campaign, participant, day)
) STRICT, WITHOUT ROWID;

-- How far the roll-ups have come: clicks up to `seq` are in them.
CREATE TABLE click_fold (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL
) STRICT;

INSERT INTO click_fold (id, seq) VALUES (1, 0);

-- Daily keys of the visitor hash.
CREATE TABLE salt (
  day INTEGER PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- A click confirmed on the landing page.
CREATE TABLE visit (
  click TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE share (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- shares::counts
CREATE INDEX share_by_participant ON share (participant, channel);
