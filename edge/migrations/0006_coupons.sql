-- What is given: coupons from pools, and gifts that are sent somewhere. A code finds its reward here,
-- so that no code can be given twice and none be forgotten.

CREATE TABLE coupon_pool (
  campaign TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The owner is told when no more than so many are free.
  low_stock INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- Kept by triggers.
  total INTEGER NOT NULL DEFAULT 0,
  free INTEGER NOT NULL DEFAULT 0 CHECK (0 <= free),
  PRIMARY KEY (campaign, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE coupon (
  -- The order of import, in which codes are given.
  seq INTEGER PRIMARY KEY,
  campaign TEXT NOT NULL,
  pool TEXT NOT NULL,
  code TEXT NOT NULL,
  -- Whose it is; NULL: it is free.
  reward TEXT,
  given_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (campaign, code)
) STRICT;

-- No reward has two codes; and to ask for free ones by this index would find everybody's.
CREATE UNIQUE INDEX coupon_of_reward ON coupon (reward) WHERE reward IS NOT NULL;
-- reward_supplied, coupons::hand_out
CREATE INDEX coupon_free ON coupon (campaign, pool) WHERE reward IS NULL;

-- Imports, by which a repeated one is known.
CREATE TABLE coupon_import (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  pool TEXT NOT NULL,
  digest TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER coupon_added AFTER INSERT ON coupon BEGIN
  UPDATE coupon_pool SET total = total + 1, free = free + (NEW.reward IS NULL)
   WHERE campaign = NEW.campaign AND name = NEW.pool;
END;

CREATE TRIGGER coupon_removed AFTER DELETE ON coupon BEGIN
  UPDATE coupon_pool SET total = total - 1, free = free - (OLD.reward IS NULL)
   WHERE campaign = OLD.campaign AND name = OLD.pool;
END;

-- A code that finds its reward completes it; one that goes back is free again.
CREATE TRIGGER coupon_moved AFTER UPDATE OF reward ON coupon WHEN OLD.reward IS NOT NEW.reward
BEGIN
  UPDATE coupon_pool SET free = free + (NEW.reward IS NULL) - (OLD.reward IS NULL)
   WHERE campaign = NEW.campaign AND name = NEW.pool;
  INSERT INTO notice (campaign, kind, subject, at)
  SELECT campaign, 'COUPONS_LOW',
         campaign || '/' || name, NEW.given_at
    FROM coupon_pool
   WHERE campaign = NEW.campaign AND name = NEW.pool AND NEW.reward IS NOT NULL
     AND free <= low_stock
  ON CONFLICT DO NOTHING;
  UPDATE reward
     SET lacks = NULL, lacks_at = NEW.given_at,
         fulfilled_at = coalesce(fulfilled_at, (SELECT iif(options->>'autoFulfillRewards',
                                                           NEW.given_at, NULL)
                                                  FROM campaign WHERE id = NEW.campaign)),
         status = iif((SELECT options->>'autoFulfillRewards' FROM campaign WHERE id = NEW.campaign),
                      'FULFILLED', status)
   WHERE id = NEW.reward AND lacks = 'COUPON' AND status IN ('PENDING', 'FULFILLED');
END;

-- What was low and is not any more is no news; the next fall is.
CREATE TRIGGER pool_filled AFTER UPDATE OF free ON coupon_pool
  WHEN OLD.free <= OLD.low_stock AND NEW.low_stock < NEW.free
BEGIN
  DELETE FROM notice
   WHERE kind = 'COUPONS_LOW' AND subject = NEW.campaign || '/' || NEW.name;
END;

-- An approved reward takes the oldest free code of its pool. Without one it cannot be given.
CREATE TRIGGER reward_supplied AFTER UPDATE OF approved_at, status ON reward
  WHEN NEW.kind = 'UNIQUE_COUPON' AND NEW.approved_at IS NOT NULL
   AND NEW.status IN ('PENDING', 'FULFILLED')
BEGIN
  UPDATE coupon SET reward = NEW.id, given_at = coalesce(NEW.fulfilled_at, NEW.approved_at)
   WHERE seq = (SELECT seq FROM coupon
                 WHERE campaign = NEW.campaign AND pool = NEW.pool AND reward IS NULL
                 ORDER BY seq LIMIT 1)
     AND NOT EXISTS (SELECT 1 FROM coupon WHERE reward = NEW.id);
  UPDATE reward
     SET lacks = 'COUPON', lacks_at = coalesce(lacks_at, NEW.approved_at), status = 'PENDING',
         fulfilled_at = NULL
   WHERE id = NEW.id AND (lacks IS NULL OR status = 'FULFILLED')
     AND NOT EXISTS (SELECT 1 FROM coupon WHERE reward = NEW.id);
END;

-- A gift without an address is not given by itself. The owner's own word counts: it is looked at
-- once, when it is approved.
CREATE TRIGGER reward_addressed AFTER UPDATE OF approved_at, status ON reward
  WHEN NEW.kind = 'GIFT' AND NEW.approved_at IS NOT NULL AND NEW.lacks_at IS NULL
   AND NEW.status IN ('PENDING', 'FULFILLED')
BEGIN
  UPDATE reward
     SET lacks = 'ADDRESS', lacks_at = NEW.approved_at, status = 'PENDING', fulfilled_at = NULL
   WHERE id = NEW.id
     AND (status = 'PENDING'
          OR (SELECT options->>'autoFulfillRewards' FROM campaign WHERE id = NEW.campaign))
     AND NOT EXISTS (SELECT 1 FROM person
                      WHERE subject = NEW.participant AND address IS NOT NULL);
END;

-- What is approved from its first moment goes the same way.
CREATE TRIGGER reward_approved_at_once AFTER INSERT ON reward
  WHEN NEW.kind IN ('UNIQUE_COUPON', 'GIFT') AND NEW.approved_at IS NOT NULL
BEGIN
  UPDATE reward SET approved_at = approved_at WHERE id = NEW.id;
END;

-- No silence: what is missing, and that it came, is a decision. Its id sorts by time, as all do: the
-- time in Crockford's base 32, then what is random in the reward's own id.
CREATE TRIGGER reward_lack_told AFTER UPDATE OF lacks ON reward WHEN OLD.lacks IS NOT NEW.lacks
BEGIN
  INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
  SELECT (SELECT group_concat(digit, '') FROM
           (SELECT substr('0123456789abcdefghjkmnpqrstvwxyz',
                          (NEW.lacks_at >> 5 * (9 - value) & 31) + 1, 1) AS digit
              FROM json_each('[0,1,2,3,4,5,6,7,8,9]') ORDER BY key))
           || substr(NEW.id, -15) || iif(NEW.lacks IS NULL, '1', '0'),
         NEW.campaign, NEW.participant,
         CASE WHEN NEW.lacks IS NOT NULL THEN 'HELD'
              WHEN NEW.status = 'FULFILLED' THEN 'FULFILLED'
              ELSE 'APPROVED' END,
         CASE WHEN NEW.lacks = 'COUPON' THEN '["POOL_EMPTY"]'
              WHEN NEW.lacks = 'ADDRESS' THEN '["ADDRESS_MISSING"]'
              WHEN OLD.lacks = 'COUPON' THEN '["COUPON_CAME"]'
              ELSE '["ADDRESS_GIVEN"]' END,
         json_object('reward', NEW.id, 'rule', NEW.rule, 'version', NEW.version, 'pool', NEW.pool),
         NEW.lacks_at;
  INSERT INTO notice (campaign, kind, subject, at)
  SELECT NEW.campaign, 'COUPONS_LOW',
         NEW.campaign || '/' || NEW.pool, NEW.lacks_at
   WHERE NEW.lacks = 'COUPON'
  ON CONFLICT DO NOTHING;
END;

-- A code that nobody was shown goes back; one that was available is spent, whatever follows.
CREATE TRIGGER reward_given_up AFTER UPDATE OF status ON reward
  WHEN NEW.pool IS NOT NULL AND NEW.status = 'CANCELLED' AND OLD.fulfilled_at IS NULL
   AND NEW.fulfilled_at IS NULL
BEGIN
  UPDATE coupon SET reward = NULL, given_at = NULL WHERE reward = NEW.id;
END;

CREATE TRIGGER reward_dropped AFTER DELETE ON reward
  WHEN OLD.pool IS NOT NULL AND OLD.fulfilled_at IS NULL
BEGIN
  UPDATE coupon SET reward = NULL, given_at = NULL WHERE reward = OLD.id;
END;

-- A rule in force names pools that there are; so whoever makes a rule and whoever deletes a pool at
-- the same time find each other.
CREATE TRIGGER rule_added_from_pool BEFORE INSERT ON rule
  WHEN EXISTS (SELECT 1 FROM json_each(json_array(NEW.body->'gives'->>'pool',
                                                  NEW.body->'referralGives'->>'pool')) AS named
                WHERE named.value IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM coupon_pool
                                   WHERE campaign = NEW.campaign AND name = named.value))
BEGIN
  SELECT raise(ABORT, 'constraint failed: a rule names no pool');
END;

CREATE TRIGGER rule_changed_from_pool BEFORE UPDATE OF body ON rule
  WHEN EXISTS (SELECT 1 FROM json_each(json_array(NEW.body->'gives'->>'pool',
                                                  NEW.body->'referralGives'->>'pool')) AS named
                WHERE named.value IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM coupon_pool
                                   WHERE campaign = NEW.campaign AND name = named.value))
BEGIN
  SELECT raise(ABORT, 'constraint failed: a rule names no pool');
END;

CREATE TRIGGER pool_removed BEFORE DELETE ON coupon_pool
  WHEN EXISTS (SELECT 1 FROM rule
                WHERE campaign = OLD.campaign AND removed_at IS NULL
                  AND OLD.name IN (body->'gives'->>'pool', body->'referralGives'->>'pool'))
    OR EXISTS (SELECT 1 FROM reward WHERE campaign = OLD.campaign AND pool = OLD.name)
BEGIN
  SELECT raise(ABORT, 'constraint failed: the pool is in use');
END;

-- Rewards as answers show them: with the currency, and the code: one's own once it is given, for one that
-- is taken back before goes to somebody else; one for everybody once the reward is approved.
CREATE VIEW shown_reward AS
SELECT r.*,
       iif(r.amount IS NULL, NULL, (SELECT currency FROM campaign WHERE id = r.campaign))
         AS currency,
       CASE WHEN r.approved_at IS NULL THEN NULL
            WHEN r.kind = 'UNIQUE_COUPON' AND r.status = 'FULFILLED' THEN
              (SELECT code FROM coupon WHERE coupon.reward = r.id)
            WHEN r.kind = 'COUPON' AND r.status IN ('PENDING', 'FULFILLED') THEN
              (SELECT v.body->'texts'->>iif(r.side = 'REFERRER', 'couponCode',
                                            'referralCouponCode')
                 FROM rule_version AS v WHERE v.rule = r.rule AND v.version = r.version)
            END AS coupon_code
  FROM reward AS r;
