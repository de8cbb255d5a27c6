-- Guards against fraud: whose mailbox is whose, what signals were seen, what is held for review.

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

-- signals::facts, signals::guard
CREATE INDEX referral_by_bond ON referral (referrer, bound_at);

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

-- A referral that is or was held for review.
CREATE TABLE hold (
  friend TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- The event that came meanwhile, as JSON, until the review. Erased with the person.
  event TEXT,
  -- What the owner said: ACCEPT or REJECT.
  review TEXT,
  reviewed_at INTEGER
) STRICT, WITHOUT ROWID;

-- As before, but what is held counts nothing, and counts in the month of its review afterwards; and
-- whoever was forgotten has no counts, and gets none back.
DROP TRIGGER referral_added;
DROP TRIGGER referral_changed;
DROP TRIGGER referral_removed;

CREATE TRIGGER referral_added AFTER INSERT ON referral BEGIN
  INSERT INTO tally (participant, month, campaign, joined_at)
  SELECT p.id, m.value, p.campaign, p.created_at
    FROM participant AS p JOIN json_each(json_array(NEW.bound_month, NEW.month)) AS m
   WHERE p.id = NEW.referrer AND p.erased_at IS NULL AND m.value IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE tally
     SET leads = leads + (NEW.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           + (NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.bound_month);
  UPDATE tally
     SET credited = credited + 1, vouched = vouched + (NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.month) AND NEW.outcome = 'AWARDED';
END;

CREATE TRIGGER referral_changed AFTER UPDATE OF outcome, source, month ON referral BEGIN
  INSERT INTO tally (participant, month, campaign, joined_at)
  SELECT p.id, m.value, p.campaign, p.created_at
    FROM participant AS p JOIN json_each(json_array(NEW.bound_month, NEW.month)) AS m
   WHERE p.id = NEW.referrer AND p.erased_at IS NULL AND m.value IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE tally
     SET leads = leads - (OLD.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           - (OLD.outcome NOT IN ('HELD', 'REJECTED') AND OLD.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, OLD.bound_month);
  UPDATE tally
     SET leads = leads + (NEW.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           + (NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.bound_month);
  UPDATE tally
     SET credited = credited + (NEW.outcome = 'AWARDED') - (OLD.outcome = 'AWARDED'),
         vouched = vouched
           + (NEW.outcome = 'AWARDED' AND NEW.source <> 'BROWSER')
           - (OLD.outcome = 'AWARDED' AND OLD.source <> 'BROWSER')
   WHERE participant = NEW.referrer
     AND (month = 0 OR month = NEW.month AND OLD.month IS NEW.month);
  UPDATE tally
     SET credited = credited + 1, vouched = vouched + (NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month = NEW.month AND OLD.month IS NOT NEW.month
     AND NEW.outcome = 'AWARDED';
  UPDATE tally
     SET credited = credited - 1, vouched = vouched - (OLD.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month = OLD.month AND OLD.month IS NOT NEW.month
     AND OLD.outcome = 'AWARDED';
END;

CREATE TRIGGER referral_removed AFTER DELETE ON referral BEGIN
  UPDATE tally
     SET leads = leads - (OLD.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           - (OLD.outcome NOT IN ('HELD', 'REJECTED') AND OLD.source <> 'BROWSER')
   WHERE participant = OLD.referrer AND month IN (0, OLD.bound_month);
  UPDATE tally
     SET credited = credited - 1, vouched = vouched - (OLD.source <> 'BROWSER')
   WHERE participant = OLD.referrer AND month IN (0, OLD.month) AND OLD.outcome = 'AWARDED';
END;
