-- The page for participants.

-- Whether they joined there, and no sign-up to the owner's product was told since: to join earns nobody
-- anything.
ALTER TABLE participant ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;

-- Whether the friend joined there, and their sign-up is still to be told: rounds of sign-ups do not count
-- them yet.
ALTER TABLE referral ADD COLUMN unsigned INTEGER NOT NULL DEFAULT 0;
-- referrers::read
CREATE INDEX referral_unsigned ON referral (referrer) WHERE unsigned = 1;

-- The version of the card that they agreed to when they joined there, and when.
ALTER TABLE participant ADD COLUMN agreed TEXT;
ALTER TABLE participant ADD COLUMN agreed_at INTEGER;

-- The cards that somebody agreed to, by their version, as they were.
CREATE TABLE agreed_card (
  campaign TEXT NOT NULL,
  version TEXT NOT NULL,
  -- JSON.
  body TEXT NOT NULL,
  PRIMARY KEY (campaign, version)
) STRICT, WITHOUT ROWID;

-- What the browser of somebody brought who joined there: claims and ids. It counts once the link in their
-- mail was used, or their sign-up was told; until then the address may be anybody's.
CREATE TABLE joining (
  participant TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  brought TEXT NOT NULL,
  is_open INTEGER NOT NULL DEFAULT 1,
  -- When they joined last.
  at INTEGER NOT NULL,
  -- Whether they came in: they are not forgotten, even if what follows from it failed.
  arrived INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- joinings::due
CREATE INDEX joining_due ON joining (at) WHERE is_open = 1 AND arrived = 0;

-- How often the secret was changed by which providers tell what came back; one row at most.
CREATE TABLE mail_return_secret (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  generation INTEGER NOT NULL
) STRICT;
