-- Rewards, what the owner is told of them, and what was given and undone.

CREATE TABLE reward (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  rule TEXT NOT NULL,
  version INTEGER NOT NULL,
  participant TEXT NOT NULL,
  side TEXT NOT NULL,
  referrer TEXT NOT NULL,
  -- Who came; a leaderboard's reward has none.
  friend TEXT,
  -- The friend, the referrer's n-th round, or a place on a leaderboard.
  occasion TEXT NOT NULL,
  -- How many of the referrer's referrals a round rests on; NULL: it rests on this friend alone.
  needs INTEGER,
  -- The month within which those are counted; NULL: all of them.
  month INTEGER,
  -- By what it was earned: LEAD or CONVERSION.
  event TEXT NOT NULL,
  -- The month in which it was earned, for limits.
  earned_month INTEGER NOT NULL,
  -- What is given, and what it is worth in the campaign's currency.
  kind TEXT NOT NULL,
  amount INTEGER,
  pool TEXT,
  -- What the person said about it: the charity that they chose.
  charity TEXT,
  -- PENDING, FULFILLED, CANCELLED or REVERSED.
  status TEXT NOT NULL,
  source TEXT NOT NULL,
  -- Whether somebody of the team vouched for it where a browser's word stood before.
  by_hand INTEGER NOT NULL DEFAULT 0,
  -- What is missing before it can be given: COUPON or ADDRESS; and when it was missed first, or came.
  lacks TEXT,
  lacks_at INTEGER,
  -- The rule's hold, in days; and when it is approved by itself, if it is.
  hold_days INTEGER NOT NULL,
  approve_at INTEGER,
  approved_at INTEGER,
  fulfilled_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (rule, occasion, side)
) STRICT;

-- rewards::page, rewards::waiting, participants::referrer
CREATE INDEX reward_by_participant ON reward (participant, created_at, id);
-- rewards::waiting
CREATE INDEX reward_by_friend ON reward (friend);
-- Rewards whose hold is over, by who vouches for them: what only a browser does has to be looked at
-- one by one. holds::due
CREATE INDEX reward_due ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source <> 'BROWSER';
-- holds::doubted
CREATE INDEX reward_doubted ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source = 'BROWSER';
-- rewards::most_given
CREATE INDEX reward_by_rule ON reward (rule, participant);
-- summaries::of
CREATE INDEX reward_by_campaign ON reward (campaign, participant) WHERE approved_at IS NOT NULL;
-- coupons::hand_out, coupons::short
CREATE INDEX reward_lacking ON reward (campaign, pool, created_at, id)
  WHERE lacks = 'COUPON' AND status = 'PENDING';
-- coupons::remove_pool
CREATE INDEX reward_by_pool ON reward (campaign, pool) WHERE pool IS NOT NULL;

CREATE TRIGGER reward_added AFTER INSERT ON reward
  WHEN NEW.source <> 'BROWSER' AND NEW.status <> 'CANCELLED'
BEGIN
  UPDATE budget SET rewards = rewards + 1, amount = amount + coalesce(NEW.amount, 0)
   WHERE campaign = NEW.campaign;
END;

CREATE TRIGGER reward_changed AFTER UPDATE OF source, status ON reward
  WHEN (OLD.source <> 'BROWSER' AND OLD.status <> 'CANCELLED')
    <> (NEW.source <> 'BROWSER' AND NEW.status <> 'CANCELLED')
BEGIN
  UPDATE budget
     SET rewards = rewards + iif(NEW.source <> 'BROWSER' AND NEW.status <> 'CANCELLED', 1, -1),
         amount = amount + coalesce(NEW.amount, 0)
           * iif(NEW.source <> 'BROWSER' AND NEW.status <> 'CANCELLED', 1, -1)
   WHERE campaign = NEW.campaign;
END;

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
