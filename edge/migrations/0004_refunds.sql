-- What happens after a reward was earned: the owner's hand, refunds, and people who are forgotten.

-- What the owner is told. Each is open until it is dealt with.
CREATE TABLE notice (
  campaign TEXT NOT NULL,
  -- REWARD_WAITING, …
  kind TEXT NOT NULL,
  -- What it is about: a reward's id.
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- When it was dealt with.
  seen_at INTEGER,
  UNIQUE (kind, subject)
) STRICT;

-- notices::rewards
CREATE INDEX notice_open ON notice (campaign, kind, at) WHERE seen_at IS NULL;

-- Whether somebody of the team vouched for a reward that a browser's word stood for.
ALTER TABLE reward ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;

-- The owner is told of each reward that waits for their hand, and of none that a browser alone says
-- was earned: of those there may be any number.
CREATE TRIGGER reward_noticed AFTER INSERT ON reward
  WHEN NEW.status = 'PENDING' AND NEW.approved_at IS NULL AND NEW.source <> 'BROWSER'
BEGIN
  INSERT INTO notice (campaign, kind, subject, at)
  SELECT NEW.campaign, 'REWARD_WAITING', NEW.id, NEW.created_at
    FROM campaign WHERE id = NEW.campaign AND options->>'requireManualRewardApproval'
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER reward_vouched AFTER UPDATE OF source ON reward
  WHEN OLD.source = 'BROWSER' AND NEW.source <> 'BROWSER'
    AND NEW.status = 'PENDING' AND NEW.approved_at IS NULL
BEGIN
  INSERT INTO notice (campaign, kind, subject, at)
  SELECT NEW.campaign, 'REWARD_WAITING', NEW.id, NEW.created_at
    FROM campaign WHERE id = NEW.campaign AND options->>'requireManualRewardApproval'
  ON CONFLICT DO UPDATE SET seen_at = NULL;
END;

CREATE TRIGGER reward_decided AFTER UPDATE OF status, approved_at, source ON reward
  WHEN NEW.status <> 'PENDING' OR NEW.approved_at IS NOT NULL OR NEW.source = 'BROWSER'
BEGIN
  UPDATE notice SET seen_at = coalesce(NEW.approved_at, at)
   WHERE kind = 'REWARD_WAITING' AND subject = NEW.id AND seen_at IS NULL;
END;

-- Refunds, each as it was told. Nothing of one is ever changed but what it came to, once.
CREATE TABLE refund (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- Whose order it is of.
  participant TEXT NOT NULL,
  -- The site's own name for it, or what it says of the whole order.
  name TEXT NOT NULL,
  -- REFUND or CHARGEBACK.
  kind TEXT NOT NULL,
  -- How much, as it was told: ALL that is left, this PART, this in TOTAL.
  extent TEXT NOT NULL,
  told INTEGER,
  -- WAITING for its order, or COUNTED.
  state TEXT NOT NULL CHECK (state IN ('WAITING', 'COUNTED')),
  -- The order, and what of its gross amount this takes.
  conversion TEXT,
  amount INTEGER,
  at INTEGER NOT NULL,
  CHECK (state = 'WAITING' OR conversion IS NOT NULL AND 0 <= amount)
) STRICT, WITHOUT ROWID;

-- The same refund is counted once; refunds::of_sale
CREATE UNIQUE INDEX refund_name ON refund (conversion, name) WHERE conversion IS NOT NULL;

-- The numbers of the order under which a refund came: it is kept once, whether its order is known
-- or not.
CREATE TABLE refund_number (
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  refund TEXT NOT NULL,
  PRIMARY KEY (campaign, kind, number, name)
) STRICT, WITHOUT ROWID;

-- Rewards that were given and undone.
CREATE TABLE reversal (
  reward TEXT PRIMARY KEY,
  -- What undid it; NULL: the back end named another referrer.
  refund TEXT,
  amount INTEGER,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When somebody was forgotten: their row stays as a number without a person.
ALTER TABLE participant ADD COLUMN erased_at INTEGER;

-- erasure::erase
CREATE INDEX person_lead ON person (campaign, identity) WHERE kind = 'LEAD';
