-- Referrals that count for a rule which counts several by its conditions. What was judged once stays
-- judged: the facts were those of then. Whether it still counts follows from the referral.

CREATE TABLE counted (
  friend TEXT NOT NULL,
  rule TEXT NOT NULL,
  -- What the rule counted as a referral: LEAD or CONVERSION.
  event TEXT NOT NULL,
  -- The version whose conditions were met.
  version INTEGER NOT NULL,
  referrer TEXT NOT NULL,
  -- As the referral stands: whether it counts, whether more than a browser says so, and in which
  -- calendar month.
  counts INTEGER NOT NULL,
  vouched INTEGER NOT NULL,
  month INTEGER NOT NULL,
  PRIMARY KEY (friend, rule, event)
) STRICT, WITHOUT ROWID;

-- How many of a referrer's referrals count for such a rule, by calendar month; month 0 is all time.
CREATE TABLE rule_tally (
  participant TEXT NOT NULL,
  month INTEGER NOT NULL,
  rule TEXT NOT NULL,
  event TEXT NOT NULL,
  counted INTEGER NOT NULL DEFAULT 0 CHECK (0 <= counted),
  vouched INTEGER NOT NULL DEFAULT 0 CHECK (0 <= vouched AND vouched <= counted),
  PRIMARY KEY (participant, month, rule, event)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER counted_added AFTER INSERT ON counted BEGIN
  INSERT INTO rule_tally (participant, month, rule, event)
  SELECT p.id, m.value, NEW.rule, NEW.event
    FROM participant AS p JOIN json_each(json_array(0, NEW.month)) AS m
   WHERE p.id = NEW.referrer AND p.erased_at IS NULL
  ON CONFLICT DO NOTHING;
  UPDATE rule_tally
     SET counted = counted + NEW.counts, vouched = vouched + NEW.counts * NEW.vouched
   WHERE participant = NEW.referrer AND month IN (0, NEW.month) AND rule = NEW.rule
     AND event = NEW.event;
END;

CREATE TRIGGER counted_removed AFTER DELETE ON counted BEGIN
  UPDATE rule_tally
     SET counted = counted - OLD.counts, vouched = vouched - OLD.counts * OLD.vouched
   WHERE participant = OLD.referrer AND month IN (0, OLD.month) AND rule = OLD.rule
     AND event = OLD.event;
END;

CREATE TRIGGER counted_changed AFTER UPDATE OF counts, vouched ON counted BEGIN
  UPDATE rule_tally
     SET counted = counted + NEW.counts - OLD.counts,
         vouched = vouched + NEW.counts * NEW.vouched - OLD.counts * OLD.vouched
   WHERE participant = NEW.referrer AND month IN (0, NEW.month) AND rule = NEW.rule
     AND event = NEW.event;
END;

CREATE TRIGGER referral_recounted AFTER UPDATE OF outcome, source ON referral
  WHEN OLD.outcome <> NEW.outcome OR OLD.source <> NEW.source
BEGIN
  UPDATE counted
     SET counts = iif(event = 'LEAD', NEW.outcome NOT IN ('HELD', 'REJECTED'),
                      NEW.outcome = 'AWARDED'),
         vouched = NEW.source <> 'BROWSER'
   WHERE friend = NEW.friend;
END;

CREATE TRIGGER referral_uncounted AFTER DELETE ON referral BEGIN
  DELETE FROM counted WHERE friend = OLD.friend;
END;

-- Whether a round counts only what met its rule's conditions.
ALTER TABLE reward ADD COLUMN picked INTEGER NOT NULL DEFAULT 0;

-- What of an order conditions look at, so that a refund of a part of it is decided on facts.
ALTER TABLE conversion ADD COLUMN products TEXT;
ALTER TABLE conversion ADD COLUMN country TEXT;
ALTER TABLE conversion ADD COLUMN new_customer INTEGER;

-- notices::page
CREATE INDEX notice_by_age ON notice (campaign, at, subject) WHERE seen_at IS NULL;

-- Decisions are read in the order in which they were taken, also those of calls within one
-- millisecond.
CREATE TABLE decision_kept AS SELECT * FROM decision;
DROP TABLE decision;

CREATE TABLE decision (
  seq INTEGER PRIMARY KEY,
  -- Sorts by time.
  id TEXT NOT NULL,
  campaign TEXT NOT NULL,
  -- Whom it is about: a participant, or a lead that became none.
  participant TEXT NOT NULL,
  kind TEXT NOT NULL,
  reasons TEXT NOT NULL,
  -- Ids and numbers that it rested on; nothing personal.
  facts TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

INSERT INTO decision (id, campaign, participant, kind, reasons, facts, at)
SELECT id, campaign, participant, kind, reasons, facts, at FROM decision_kept ORDER BY id;
DROP TABLE decision_kept;

-- decisions::page, decisions::latest; the sequence is in every index.
CREATE INDEX decision_by_participant ON decision (participant);
CREATE INDEX decision_by_campaign ON decision (campaign);
