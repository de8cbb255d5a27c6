-- Imports: files of people and of customers, row by row, until they are done or for a day.

CREATE TABLE import (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- PARTICIPANTS or CUSTOMERS.
  what TEXT NOT NULL,
  -- Who began it: a member's id.
  member TEXT NOT NULL,
  -- UPLOADING, UPLOADED, CHECKING, CHECKED, RUNNING, DONE, CANCELLED or EXPIRED.
  state TEXT NOT NULL,
  -- How many bytes of the file were taken, and how many rows they were, with the names of columns.
  received INTEGER NOT NULL DEFAULT 0,
  line INTEGER NOT NULL DEFAULT 0,
  -- What parts the cells: 44, 59 or 9.
  separator INTEGER NOT NULL DEFAULT 44,
  -- The names of the columns, empty where the file has none, and what is done with them, as JSON. Once
  -- it is over, only names that are known are left: what is no name may be a person.
  heads TEXT NOT NULL DEFAULT '[]',
  choices TEXT,
  -- Rows with something in them; the last that was looked at; and of those, who is new, known, bad.
  total INTEGER NOT NULL DEFAULT 0,
  place INTEGER NOT NULL DEFAULT 0,
  fresh INTEGER NOT NULL DEFAULT 0,
  known INTEGER NOT NULL DEFAULT 0,
  bad INTEGER NOT NULL DEFAULT 0,
  -- Of those who are new, whose referral would be credited.
  credits INTEGER NOT NULL DEFAULT 0,
  -- Rows that were imported, who was new in them, and what could not be done.
  done INTEGER NOT NULL DEFAULT 0,
  added INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  -- Until when nobody else goes on with it.
  leased_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  -- When the rows are forgotten, whatever became of them.
  expires_at INTEGER NOT NULL,
  settled_at INTEGER
) STRICT;

-- imports::of_campaign
CREATE INDEX import_by_campaign ON import (campaign, created_at, id);
-- imports::open
CREATE INDEX import_open ON import (created_at) WHERE state IN ('CHECKING', 'RUNNING');
-- imports::stale
CREATE INDEX import_expiring ON import (expires_at) WHERE settled_at IS NULL;

-- A row of a file: the one place besides `person` where personal data lies, and for a day at most. Of
-- customers it holds hashes. What was imported is emptied with the same batch.
CREATE TABLE import_row (
  import TEXT NOT NULL,
  -- As spreadsheets count: the names of the columns are row 1.
  row INTEGER NOT NULL,
  -- The cells, as JSON; and by the number of a cell, whom it names where lower() does not tell.
  cells TEXT NOT NULL,
  spelt TEXT NOT NULL DEFAULT '{}',
  -- Who it is, the code of their own, and a referrer who does not take part yet: once it was looked at.
  identity TEXT,
  code TEXT,
  referrer TEXT,
  known INTEGER NOT NULL DEFAULT 0,
  -- Rows of lower levels come first: referrers before their friends.
  level INTEGER NOT NULL DEFAULT 0,
  -- How often others were first to what it changes: such rows come last of their level.
  tries INTEGER NOT NULL DEFAULT 0,
  -- Whether its referral would be credited.
  credits INTEGER NOT NULL DEFAULT 0,
  -- RAW, READY, BAD or DONE.
  state TEXT NOT NULL DEFAULT 'RAW',
  PRIMARY KEY (import, row)
) STRICT, WITHOUT ROWID;

-- imports::facts, imports::waiting
CREATE INDEX import_row_identity ON import_row (import, identity) WHERE identity IS NOT NULL;
CREATE INDEX import_row_code ON import_row (import, code) WHERE code IS NOT NULL;
CREATE INDEX import_row_waiting ON import_row (import, row) WHERE referrer IS NOT NULL;
-- imports::next
CREATE INDEX import_row_next ON import_row (import, level, tries, row) WHERE state = 'READY';

-- What was wrong with rows: it holds nothing of what they said, and stays with the import.
CREATE TABLE import_flaw (
  import TEXT NOT NULL,
  row INTEGER NOT NULL,
  -- The column, counted from 0.
  place INTEGER NOT NULL,
  reason TEXT NOT NULL,
  -- The row that it is about, if it is about another.
  other INTEGER,
  PRIMARY KEY (import, row)
) STRICT, WITHOUT ROWID;

-- Whether the friend of a referral that is held came in a file that does not call them awarded: that they
-- came earns nothing, whatever the review says.
ALTER TABLE hold ADD COLUMN past INTEGER NOT NULL DEFAULT 0;

-- Friends who came in a file because of which nobody is written to, and when.
CREATE TABLE import_quiet (
  friend TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- That they came is told to nobody; nor is what their row earned, be it then, when a hold is over or
-- when their referral was reviewed. What they do later is told as of everybody.
CREATE TRIGGER message_hushed BEFORE INSERT ON message
  WHEN NEW.kind IN ('referredSignup', 'followUpReminder', 'referralLinkUsed')
   AND EXISTS (SELECT 1 FROM import_quiet AS q
                WHERE q.friend = NEW.occasion
                  AND (NEW.kind <> 'referralLinkUsed' OR q.at = NEW.created_at
                       OR EXISTS (SELECT 1 FROM hold
                                   WHERE friend = q.friend AND reviewed_at = NEW.created_at)))
    OR NEW.kind = 'goalAchieved'
   AND EXISTS (SELECT 1 FROM reward AS w CROSS JOIN import_quiet AS q ON q.friend = w.friend
                WHERE w.id = NEW.occasion
                  AND (w.created_at = q.at
                       OR EXISTS (SELECT 1 FROM hold
                                   WHERE friend = q.friend AND reviewed_at = w.created_at)))
BEGIN
  SELECT raise(IGNORE);
END;

-- Messages that came back, as the provider told: by the keyed hash of the address, each once.
CREATE TABLE mail_return (
  campaign TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- The provider's own number of the message.
  number TEXT NOT NULL,
  -- BOUNCED, SOFT or COMPLAINED.
  fate TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (campaign, hash, number, fate)
) STRICT, WITHOUT ROWID;

-- returns::forget
CREATE INDEX mail_return_by_age ON mail_return (at);
