-- The guided set-up: what was answered so far, how a programme's pages look, tests of an installation.

-- A set-up that was begun; nobody's data but the owner's answers about the programme.
CREATE TABLE setup (
  id TEXT PRIMARY KEY,
  -- Who began it.
  member TEXT NOT NULL,
  -- What was typed, by field: JSON.
  answers TEXT NOT NULL,
  -- The language of what the presets propose.
  lang TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  -- The campaign that was made of it, once; from then on it does not change.
  campaign TEXT UNIQUE,
  -- Counts changes; a stale one fails the batch.
  revision INTEGER NOT NULL
) STRICT;

-- setups::open
CREATE INDEX setup_open ON setup (changed_at) WHERE campaign IS NULL;

-- How a campaign's pages look: JSON; none: as ours.
CREATE TABLE look (
  campaign TEXT PRIMARY KEY,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A campaign's logo, where its owner sent a file: base64.
CREATE TABLE logo (
  campaign TEXT PRIMARY KEY,
  -- Of its bytes; its address ends with it.
  hash TEXT NOT NULL,
  mime TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

-- A file that the campaign does not name any more is not kept.
CREATE TRIGGER logo_left AFTER UPDATE OF company_logo_image_url ON campaign
  WHEN OLD.company_logo_image_url IS NOT NEW.company_logo_image_url
BEGIN
  DELETE FROM logo
   WHERE campaign = NEW.id
     AND substr(coalesce(NEW.company_logo_image_url, ''), -length(hash)) <> hash;
END;

-- The newest test of a campaign's installation, and what it has seen. Nothing of it is counted.
CREATE TABLE installation_test (
  campaign TEXT PRIMARY KEY,
  -- What the page's address carries, so that its calls are known for the test's.
  mark TEXT NOT NULL,
  -- The page that is opened.
  page TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  -- When the tag was first heard of.
  called_at INTEGER,
  -- When it first brought the test link's token.
  clicked_at INTEGER,
  -- When it first brought a sign-up.
  signed_up_at INTEGER,
  -- The origin of a page that the campaign does not know.
  origin TEXT,
  -- What the visit was answered about consent.
  consent TEXT,
  -- What the page told of itself: JSON.
  told TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
