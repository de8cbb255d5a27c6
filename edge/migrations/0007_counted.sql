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
