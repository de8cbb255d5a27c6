-- People: participants, what is known of them, and who was a customer before.

CREATE TABLE participant (
  -- Also the default code.
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- How they came: DIRECT or PARTICIPANT.
  origin TEXT NOT NULL,
  -- The best of those who vouch for them: BROWSER, SIGNED or SERVER.
  source TEXT NOT NULL,
  language TEXT,
  blocked_at INTEGER,
  -- When they were forgotten: the row stays as a number without a person.
  erased_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- participants::page
CREATE INDEX participant_by_age ON participant (campaign, created_at, id);

-- The one table for personal data: of participants, of leads until they are read, and of members,
-- who are of no campaign.
CREATE TABLE person (
  -- A participant's id or a lead's.
  subject TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('PARTICIPANT', 'LEAD', 'MEMBER')),
  email TEXT NOT NULL,
  identity TEXT NOT NULL,
  first_name TEXT,
  last_name TEXT,
  metadata TEXT NOT NULL,
  -- Where a participant's gifts are sent, as JSON.
  address TEXT,
  created_at INTEGER NOT NULL
) STRICT;

-- One participant per person and campaign; participants::find reads by it.
CREATE UNIQUE INDEX person_identity ON person (campaign, identity) WHERE kind = 'PARTICIPANT';
-- One member per person; members::find reads by it.
CREATE UNIQUE INDEX person_member ON person (identity) WHERE kind = 'MEMBER';
-- erasure::erase
CREATE INDEX person_lead ON person (campaign, identity) WHERE kind = 'LEAD';

-- What links carry, unique in the installation.
CREATE TABLE code (
  code TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- participants::views
CREATE INDEX code_by_participant ON code (participant);

-- The mailbox behind each participant's address as a keyed hash, to be compared within a campaign
-- and never read back. Erased with the person.
CREATE TABLE mailbox (
  -- The order of arrival: of two people with one mailbox, the second is the duplicate.
  seq INTEGER PRIMARY KEY,
  participant TEXT NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

-- signals::facts, signals::guard
CREATE INDEX mailbox_by_hash ON mailbox (campaign, hash);

-- Why somebody is suspicious: each signal once per friend.
CREATE TABLE signal (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- The friend.
  participant TEXT NOT NULL,
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- views::of
  UNIQUE (participant, name)
) STRICT;

-- Whose address was a customer's before the programme: keyed hashes of hashes.
CREATE TABLE customer (
  campaign TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (campaign, hash)
) STRICT, WITHOUT ROWID;

-- How many those are; kept by triggers.
CREATE TABLE customer_count (
  campaign TEXT PRIMARY KEY,
  customers INTEGER NOT NULL CHECK (0 <= customers)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER customer_added AFTER INSERT ON customer BEGIN
  INSERT INTO customer_count (campaign, customers) VALUES (NEW.campaign, 1)
  ON CONFLICT DO UPDATE SET customers = customers + 1;
END;

CREATE TRIGGER customer_removed AFTER DELETE ON customer BEGIN
  UPDATE customer_count SET customers = customers - 1 WHERE campaign = OLD.campaign;
END;
