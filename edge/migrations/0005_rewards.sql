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
  -- The friend, the referrer and how many referrals a round rests on, or a place on a leaderboard;
  -- of what was undone and may be earned anew, with the reward's own id behind a space.
  occasion TEXT NOT NULL,
  -- How many of the referrer's referrals a round rests on; NULL: it rests on this friend alone.
  needs INTEGER,
  -- The month within which those are counted; NULL: all of them.
  month INTEGER,
  -- By what it was earned: LEAD or CONVERSION; and whether a round counts only what met its rule's
  -- conditions.
  event TEXT NOT NULL,
  picked INTEGER NOT NULL DEFAULT 0,
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
  -- Whether it uses up its rule's limit: of rewards for a single friend, what a browser alone vouches
  -- for does not.
  uses_limit INTEGER NOT NULL GENERATED ALWAYS AS
    (side = 'REFERRER' AND status <> 'CANCELLED' AND (source <> 'BROWSER' OR needs IS NOT NULL))
    VIRTUAL,
  UNIQUE (rule, occasion, side)
) STRICT;

-- rewards::page, views::of
CREATE INDEX reward_by_participant ON reward (participant, created_at, id);
-- rewards::waiting, reversals::affected
CREATE INDEX reward_by_friend ON reward (friend) WHERE friend IS NOT NULL;
-- Rounds: referrers::read, reversals::affected
CREATE INDEX reward_round ON reward (participant, source, status, created_at, id)
  WHERE needs IS NOT NULL;
-- Rewards whose hold is over, by who vouches for them: what only a browser does has to be looked at
-- one by one. waits::due
CREATE INDEX reward_due ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source <> 'BROWSER';
-- waits::doubted
CREATE INDEX reward_doubted ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source = 'BROWSER';
-- coupons::hand_out, coupons::short
CREATE INDEX reward_lacking ON reward (campaign, pool, created_at, id)
  WHERE lacks = 'COUPON' AND status = 'PENDING';
-- coupons::remove_pool
CREATE INDEX reward_by_pool ON reward (campaign, pool) WHERE pool IS NOT NULL;

-- What only a browser's word stands for, with what its confirmation is decided on: the limit is its
-- rule's as that is now, or was when it was removed.
CREATE VIEW waiting_reward AS
SELECT r.*,
       json_object('id', r.id, 'rule', r.rule, 'side', r.side, 'event', r.event, 'needs', r.needs,
                   'month', r.month, 'earned_month', r.earned_month, 'amount', r.amount,
                   'picked', json(iif(r.picked, 'true', 'false')),
                   'hold_days', r.hold_days, 'created_at', r.created_at,
                   'limit', json((SELECT body->'limit' FROM rule WHERE id = r.rule))) AS it
  FROM reward AS r
 WHERE r.source = 'BROWSER' AND r.status = 'PENDING';

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

-- What a referrer has by each version of a rule, earned in each month, of what was counted alike:
-- limits and where the next round begins are read from it.
CREATE TABLE given (
  rule TEXT NOT NULL,
  participant TEXT NOT NULL,
  version INTEGER NOT NULL,
  month INTEGER NOT NULL,
  -- IN_TOTAL or PER_MONTH: which referrals its rounds count.
  per TEXT NOT NULL,
  event TEXT NOT NULL,
  picked INTEGER NOT NULL,
  -- How many use up the rule's limit, on how many referrals the furthest round rests, and how many
  -- rewards for a single friend stand.
  rewards INTEGER NOT NULL DEFAULT 0 CHECK (0 <= rewards),
  reach INTEGER NOT NULL DEFAULT 0,
  singles INTEGER NOT NULL DEFAULT 0 CHECK (0 <= singles),
  PRIMARY KEY (rule, participant, version, month, per, event, picked)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reward_given AFTER INSERT ON reward WHEN NEW.side = 'REFERRER' BEGIN
  INSERT INTO given (rule, participant, version, month, per, event, picked, rewards, reach, singles)
  VALUES (NEW.rule, NEW.participant, NEW.version, NEW.earned_month,
          iif(NEW.month IS NULL, 'IN_TOTAL', 'PER_MONTH'), NEW.event, NEW.picked, NEW.uses_limit,
          iif(instr(NEW.occasion, ' ') = 0, coalesce(NEW.needs, 0), 0),
          NEW.needs IS NULL AND NEW.status IN ('PENDING', 'FULFILLED'))
  ON CONFLICT DO UPDATE SET rewards = rewards + excluded.rewards,
                            reach = max(reach, excluded.reach),
                            singles = singles + excluded.singles;
END;

CREATE TRIGGER reward_regiven AFTER UPDATE OF source, status ON reward
  WHEN NEW.side = 'REFERRER' AND (NEW.uses_limit <> OLD.uses_limit OR NEW.status <> OLD.status)
BEGIN
  UPDATE given
     SET rewards = rewards + NEW.uses_limit - OLD.uses_limit,
         singles = singles
           + (NEW.needs IS NULL AND NEW.status IN ('PENDING', 'FULFILLED'))
           - (OLD.needs IS NULL AND OLD.status IN ('PENDING', 'FULFILLED'))
   WHERE rule = NEW.rule AND participant = NEW.participant AND version = NEW.version
     AND month = NEW.earned_month AND per = iif(NEW.month IS NULL, 'IN_TOTAL', 'PER_MONTH')
     AND event = NEW.event AND picked = NEW.picked;
END;

-- A round that is undone gives its place free: the furthest is another one.
CREATE TRIGGER reward_unreached AFTER UPDATE OF occasion ON reward
  WHEN NEW.side = 'REFERRER' AND NEW.needs IS NOT NULL
BEGIN
  UPDATE given
     SET reach = coalesce(
           (SELECT max(needs) FROM reward
             WHERE participant = NEW.participant AND needs IS NOT NULL AND rule = NEW.rule
               AND version = NEW.version AND side = 'REFERRER' AND instr(occasion, ' ') = 0
               AND earned_month = NEW.earned_month AND month IS NEW.month
               AND event = NEW.event AND picked = NEW.picked), 0)
   WHERE rule = NEW.rule AND participant = NEW.participant AND version = NEW.version
     AND month = NEW.earned_month AND per = iif(NEW.month IS NULL, 'IN_TOTAL', 'PER_MONTH')
     AND event = NEW.event AND picked = NEW.picked;
END;

-- What the owner is told. Each is open until it is dealt with.
CREATE TABLE notice (
  campaign TEXT NOT NULL,
  -- REWARD_WAITING, REFERRAL_HELD, COUPONS_LOW, APPEAL_MADE.
  kind TEXT NOT NULL,
  -- What it is about: a reward's id, a friend's, a pool.
  subject TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- When it was dealt with.
  seen_at INTEGER,
  UNIQUE (kind, subject)
) STRICT;

-- notices::rewards
CREATE INDEX notice_open ON notice (campaign, kind, at) WHERE seen_at IS NULL;
-- notices::page
CREATE INDEX notice_by_age ON notice (campaign, at, subject) WHERE seen_at IS NULL;

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

-- What is custom is done by the owner, who is told by a job as soon as it is approved: in the same
-- batch, under the reward's own number, so that it is promised once. It waits for somebody to send it.
CREATE TRIGGER reward_custom AFTER UPDATE OF approved_at ON reward
  WHEN NEW.kind = 'CUSTOM' AND NEW.approved_at IS NOT NULL
BEGIN
  INSERT INTO job (id, kind, payload, due_at, waits_for)
  VALUES (substr(NEW.id, 6), 'REWARD_CUSTOM',
          json_object('campaign', NEW.campaign, 'reward', NEW.id), NEW.approved_at, 'SENDER')
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER reward_custom_at_once AFTER INSERT ON reward
  WHEN NEW.kind = 'CUSTOM' AND NEW.approved_at IS NOT NULL
BEGIN
  INSERT INTO job (id, kind, payload, due_at, waits_for)
  VALUES (substr(NEW.id, 6), 'REWARD_CUSTOM',
          json_object('campaign', NEW.campaign, 'reward', NEW.id), NEW.approved_at, 'SENDER')
  ON CONFLICT DO NOTHING;
END;

-- What is taken back before anybody was told of it, nobody is told of.
CREATE TRIGGER reward_custom_undone AFTER UPDATE OF status ON reward
  WHEN NEW.kind = 'CUSTOM' AND NEW.status IN ('CANCELLED', 'REVERSED')
BEGIN
  DELETE FROM job WHERE id = substr(NEW.id, 6) AND waits_for IS NOT NULL;
END;

-- The owner is told of each referral that is held, until it is reviewed or there is none any more.
CREATE TRIGGER hold_noticed AFTER INSERT ON hold BEGIN
  INSERT INTO notice (campaign, kind, subject, at)
  VALUES (NEW.campaign, 'REFERRAL_HELD', NEW.friend, NEW.at)
  ON CONFLICT DO UPDATE SET at = excluded.at, seen_at = NULL;
END;

CREATE TRIGGER hold_renewed AFTER UPDATE OF review ON hold BEGIN
  UPDATE notice SET seen_at = iif(NEW.review IS NULL, NULL, NEW.reviewed_at)
   WHERE kind = 'REFERRAL_HELD' AND subject = NEW.friend;
END;

CREATE TRIGGER hold_forgotten AFTER DELETE ON hold BEGIN
  DELETE FROM notice WHERE kind = 'REFERRAL_HELD' AND subject = OLD.friend;
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
