-- Referrals and conversions, what is decided about them, and the counts that follow.

-- The bond friend → referrer: one per friend, for life.
CREATE TABLE referral (
  campaign TEXT NOT NULL,
  friend TEXT NOT NULL,
  referrer TEXT NOT NULL,
  click TEXT,
  channel TEXT,
  outcome TEXT NOT NULL,
  -- The best of those who vouch for it.
  source TEXT NOT NULL,
  bound_at INTEGER NOT NULL,
  -- The calendar months, in the campaign's time zone, of the bond and of the credit.
  bound_month INTEGER NOT NULL,
  month INTEGER,
  -- When a delayed credit is due, and who vouches for it.
  credit_at INTEGER,
  credit_source TEXT,
  -- The conversion that it was credited for.
  conversion TEXT,
  settled_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (campaign, friend)
) STRICT, WITHOUT ROWID;

-- expiries::due; how long it may wait is the campaign's option, which may change
CREATE INDEX referral_waiting ON referral (campaign, bound_at)
  WHERE outcome = 'PENDING' AND credit_at IS NULL;
-- delays::due
CREATE INDEX referral_due ON referral (credit_at)
  WHERE outcome = 'PENDING' AND credit_at IS NOT NULL;
-- newest::bound, bonds::by_age, champions::best, champions::fading
CREATE INDEX referral_by_bond ON referral (campaign, bound_at, friend, referrer);
-- newest::updated, overview::referrals
CREATE INDEX referral_by_update ON referral (campaign, updated_at, friend);
-- referrals::of_referrer, signals::facts, signals::guard
CREATE INDEX referral_by_age ON referral (referrer, bound_at, friend);

-- A referral that is or was held for review.
CREATE TABLE hold (
  friend TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- The events that came meanwhile, as a JSON list, until the review. Erased with the person.
  event TEXT,
  -- What the owner said: ACCEPT or REJECT.
  review TEXT,
  reviewed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE conversion (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  -- SIGNUP, QUALIFYING or TRANSACTION.
  kind TEXT NOT NULL,
  -- Gross, and what rewards are reckoned on: net of tax.
  gross INTEGER,
  amount INTEGER,
  currency TEXT,
  -- What conditions look at, so that a refund of a part of it is decided on facts.
  products TEXT,
  country TEXT,
  new_customer INTEGER,
  -- Of the gross amount, what was refunded.
  refunded INTEGER NOT NULL DEFAULT 0,
  source TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- conversions::of_participant
CREATE INDEX conversion_by_participant ON conversion (participant, kind);

-- The site's own numbers of a conversion: none is ever recorded twice.
CREATE TABLE conversion_number (
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  conversion TEXT NOT NULL,
  PRIMARY KEY (campaign, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE decision (
  -- The order in which decisions were taken, also those of calls within one millisecond.
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

-- decisions::page, decisions::latest; the sequence is in every index.
CREATE INDEX decision_by_participant ON decision (participant);
CREATE INDEX decision_by_campaign ON decision (campaign);

-- A referrer's referrals by calendar month; month 0 is all time, and every participant has it.
CREATE TABLE tally (
  participant TEXT NOT NULL,
  month INTEGER NOT NULL,
  campaign TEXT NOT NULL,
  -- For ties on a leaderboard.
  joined_at INTEGER NOT NULL,
  leads INTEGER NOT NULL DEFAULT 0,
  vouched_leads INTEGER NOT NULL DEFAULT 0,
  -- Those that are pending or held now; in month 0 only.
  waiting INTEGER NOT NULL DEFAULT 0,
  credited INTEGER NOT NULL DEFAULT 0 CHECK (0 <= credited),
  vouched INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (participant, month)
) STRICT, WITHOUT ROWID;

-- leaderboards::page
CREATE INDEX tally_board ON tally (campaign, month, credited DESC, joined_at, participant);
-- boards::places; not `0 < vouched`, which SQLite turns round in a query and then does not know again.
CREATE INDEX tally_vouched ON tally (campaign, month, vouched DESC, joined_at, participant)
  WHERE vouched > 0;

-- How many people have how many credited referrals: ranks are read from it.
CREATE TABLE rank_count (
  campaign TEXT NOT NULL,
  month INTEGER NOT NULL,
  credited INTEGER NOT NULL,
  people INTEGER NOT NULL,
  PRIMARY KEY (campaign, month, credited)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER participant_tallied AFTER INSERT ON participant BEGIN
  INSERT INTO tally (participant, month, campaign, joined_at)
  VALUES (NEW.id, 0, NEW.campaign, NEW.created_at);
END;

-- What a referral counts: a lead unless it was rejected or is held; a credit while it is awarded;
-- vouched for if more than a browser says so. It waits while it is pending or held. What was held
-- counts in the month of its review. Who was forgotten has no counts, and gets none back.
CREATE TRIGGER referral_added AFTER INSERT ON referral BEGIN
  UPDATE tally
     SET leads = leads + (month IN (0, NEW.bound_month)
                          AND NEW.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           + (month IN (0, NEW.bound_month)
              AND NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER'),
         waiting = waiting + (month = 0 AND NEW.outcome IN ('HELD', 'PENDING')),
         credited = credited + ((month = 0 OR month IS NEW.month) AND NEW.outcome = 'AWARDED'),
         vouched = vouched
           + ((month = 0 OR month IS NEW.month)
              AND NEW.outcome = 'AWARDED' AND NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.bound_month, NEW.month);
  -- Months that it is the first to count in.
  INSERT INTO tally (participant, month, campaign, joined_at, leads, vouched_leads, credited,
                     vouched)
  SELECT p.id, m.value, p.campaign, p.created_at,
         m.value = NEW.bound_month AND NEW.outcome NOT IN ('HELD', 'REJECTED'),
         m.value = NEW.bound_month AND NEW.outcome NOT IN ('HELD', 'REJECTED')
           AND NEW.source <> 'BROWSER',
         m.value IS NEW.month AND NEW.outcome = 'AWARDED',
         m.value IS NEW.month AND NEW.outcome = 'AWARDED' AND NEW.source <> 'BROWSER'
    FROM participant AS p JOIN (SELECT NEW.bound_month AS value UNION SELECT NEW.month) AS m
   WHERE p.id = NEW.referrer AND p.erased_at IS NULL AND m.value IS NOT NULL
  ON CONFLICT DO NOTHING;
END;

-- What does not touch the credits, which boards and ranks are ordered by.
CREATE TRIGGER referral_changed AFTER UPDATE OF outcome, source, month ON referral
  WHEN (NEW.outcome <> OLD.outcome OR NEW.source <> OLD.source OR NEW.month IS NOT OLD.month)
    AND 'AWARDED' NOT IN (OLD.outcome, NEW.outcome)
BEGIN
  UPDATE tally
     SET leads = leads
           + (month IN (0, NEW.bound_month) AND NEW.outcome NOT IN ('HELD', 'REJECTED'))
           - (month IN (0, OLD.bound_month) AND OLD.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           + (month IN (0, NEW.bound_month)
              AND NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER')
           - (month IN (0, OLD.bound_month)
              AND OLD.outcome NOT IN ('HELD', 'REJECTED') AND OLD.source <> 'BROWSER'),
         waiting = waiting + (month = 0 AND NEW.outcome IN ('HELD', 'PENDING'))
                           - (month = 0 AND OLD.outcome IN ('HELD', 'PENDING'))
   WHERE participant = NEW.referrer AND month IN (0, OLD.bound_month, NEW.bound_month);
  INSERT INTO tally (participant, month, campaign, joined_at, leads, vouched_leads)
  SELECT id, NEW.bound_month, campaign, created_at, NEW.outcome NOT IN ('HELD', 'REJECTED'),
         NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER'
    FROM participant
   WHERE NEW.bound_month <> OLD.bound_month AND id = NEW.referrer AND erased_at IS NULL
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER referral_credited AFTER UPDATE OF outcome, source, month ON referral
  WHEN (NEW.outcome <> OLD.outcome OR NEW.source <> OLD.source OR NEW.month IS NOT OLD.month)
    AND 'AWARDED' IN (OLD.outcome, NEW.outcome)
BEGIN
  UPDATE tally
     SET leads = leads
           + (month IN (0, NEW.bound_month) AND NEW.outcome NOT IN ('HELD', 'REJECTED'))
           - (month IN (0, OLD.bound_month) AND OLD.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           + (month IN (0, NEW.bound_month)
              AND NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER')
           - (month IN (0, OLD.bound_month)
              AND OLD.outcome NOT IN ('HELD', 'REJECTED') AND OLD.source <> 'BROWSER'),
         waiting = waiting + (month = 0 AND NEW.outcome IN ('HELD', 'PENDING'))
                           - (month = 0 AND OLD.outcome IN ('HELD', 'PENDING')),
         credited = credited
           + ((month = 0 OR month IS NEW.month) AND NEW.outcome = 'AWARDED')
           - ((month = 0 OR month IS OLD.month) AND OLD.outcome = 'AWARDED'),
         vouched = vouched
           + ((month = 0 OR month IS NEW.month)
              AND NEW.outcome = 'AWARDED' AND NEW.source <> 'BROWSER')
           - ((month = 0 OR month IS OLD.month)
              AND OLD.outcome = 'AWARDED' AND OLD.source <> 'BROWSER')
   WHERE participant = NEW.referrer
     AND month IN (0, OLD.bound_month, NEW.bound_month, OLD.month, NEW.month);
  -- Months that it is the first to count in.
  INSERT INTO tally (participant, month, campaign, joined_at, leads, vouched_leads)
  SELECT id, NEW.bound_month, campaign, created_at, NEW.outcome NOT IN ('HELD', 'REJECTED'),
         NEW.outcome NOT IN ('HELD', 'REJECTED') AND NEW.source <> 'BROWSER'
    FROM participant
   WHERE NEW.bound_month NOT IN (OLD.bound_month, coalesce(NEW.month, 0))
     AND id = NEW.referrer AND erased_at IS NULL
  ON CONFLICT DO NOTHING;
  INSERT INTO tally (participant, month, campaign, joined_at, leads, vouched_leads, credited,
                     vouched)
  SELECT id, NEW.month, campaign, created_at,
         NEW.month = NEW.bound_month AND NEW.outcome NOT IN ('HELD', 'REJECTED'),
         NEW.month = NEW.bound_month AND NEW.outcome NOT IN ('HELD', 'REJECTED')
           AND NEW.source <> 'BROWSER',
         NEW.outcome = 'AWARDED', NEW.outcome = 'AWARDED' AND NEW.source <> 'BROWSER'
    FROM participant
   WHERE NEW.month IS NOT NULL AND id = NEW.referrer AND erased_at IS NULL
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER referral_removed AFTER DELETE ON referral BEGIN
  UPDATE tally
     SET leads = leads - (month IN (0, OLD.bound_month)
                          AND OLD.outcome NOT IN ('HELD', 'REJECTED')),
         vouched_leads = vouched_leads
           - (month IN (0, OLD.bound_month)
              AND OLD.outcome NOT IN ('HELD', 'REJECTED') AND OLD.source <> 'BROWSER'),
         waiting = waiting - (month = 0 AND OLD.outcome IN ('HELD', 'PENDING')),
         credited = credited - ((month = 0 OR month IS OLD.month) AND OLD.outcome = 'AWARDED'),
         vouched = vouched
           - ((month = 0 OR month IS OLD.month)
              AND OLD.outcome = 'AWARDED' AND OLD.source <> 'BROWSER')
   WHERE participant = OLD.referrer AND month IN (0, OLD.bound_month, OLD.month);
END;

CREATE TRIGGER tally_added AFTER INSERT ON tally WHEN 0 < NEW.credited BEGIN
  INSERT INTO rank_count (campaign, month, credited, people)
  VALUES (NEW.campaign, NEW.month, NEW.credited, 1)
  ON CONFLICT DO UPDATE SET people = people + 1;
END;

CREATE TRIGGER tally_changed AFTER UPDATE OF credited ON tally WHEN OLD.credited <> NEW.credited
BEGIN
  UPDATE rank_count SET people = people - 1
   WHERE campaign = OLD.campaign AND month = OLD.month AND credited = OLD.credited;
  DELETE FROM rank_count
   WHERE campaign = OLD.campaign AND month = OLD.month AND credited = OLD.credited AND people = 0;
  INSERT INTO rank_count (campaign, month, credited, people)
  SELECT NEW.campaign, NEW.month, NEW.credited, 1 WHERE 0 < NEW.credited
  ON CONFLICT DO UPDATE SET people = people + 1;
END;

CREATE TRIGGER tally_removed AFTER DELETE ON tally WHEN 0 < OLD.credited BEGIN
  UPDATE rank_count SET people = people - 1
   WHERE campaign = OLD.campaign AND month = OLD.month AND credited = OLD.credited;
  DELETE FROM rank_count
   WHERE campaign = OLD.campaign AND month = OLD.month AND credited = OLD.credited AND people = 0;
END;

-- Leaderboards that are to be closed, and those that are: one for each calendar month in which
-- somebody's referrals were counted; month 0 is the campaign's end.
CREATE TABLE board (
  campaign TEXT NOT NULL,
  month INTEGER NOT NULL,
  -- The last instant of a campaign that ended, NULL while it goes on; a month's follows from its
  -- time zone.
  last INTEGER,
  -- When it is looked at next: a month's board at the earliest time at which it may be over anywhere,
  -- and then at its own.
  due_at INTEGER NOT NULL,
  -- The last rule by which it gave.
  rule TEXT NOT NULL DEFAULT '',
  closed_at INTEGER,
  PRIMARY KEY (campaign, month)
) STRICT, WITHOUT ROWID;

-- boards::due
CREATE INDEX board_due ON board (due_at) WHERE closed_at IS NULL;

CREATE TRIGGER tally_boarded AFTER INSERT ON tally WHEN NEW.month <> 0 BEGIN
  INSERT INTO board (campaign, month, due_at)
  VALUES (NEW.campaign, NEW.month,
          unixepoch(printf('%04d-%02d-01', (NEW.month + 1) / 12, (NEW.month + 1) % 12 + 1)) * 1000
            - 50400000)
  ON CONFLICT DO NOTHING;
END;

-- Another time zone may end the month earlier.
CREATE TRIGGER campaign_rezoned AFTER UPDATE OF options ON campaign
  WHEN NEW.options->>'timeZone' IS NOT OLD.options->>'timeZone'
BEGIN
  UPDATE board
     SET due_at = unixepoch(printf('%04d-%02d-01', (month + 1) / 12, (month + 1) % 12 + 1)) * 1000
                    - 50400000
   WHERE campaign = NEW.id AND month <> 0 AND closed_at IS NULL;
END;

-- The campaign's end opens its board, ten minutes of grace later (`shared::reward::GRACE`); a
-- campaign that goes on before anything was given puts it off, for ever unless it ends again. Closed
-- once, it stays closed.
CREATE TRIGGER campaign_boarded AFTER UPDATE OF status ON campaign
  WHEN NEW.status = 'COMPLETE' AND OLD.status <> 'COMPLETE' AND NEW.ended_at IS NOT NULL
BEGIN
  INSERT INTO board (campaign, month, last, due_at)
  VALUES (NEW.id, 0, NEW.ended_at, NEW.ended_at + 600000)
  ON CONFLICT DO UPDATE SET last = excluded.last, due_at = excluded.due_at
   WHERE rule = '' AND closed_at IS NULL;
END;

CREATE TRIGGER campaign_resumed AFTER UPDATE OF status ON campaign
  WHEN NEW.status <> 'COMPLETE' AND OLD.status = 'COMPLETE'
BEGIN
  UPDATE board SET last = NULL, due_at = 9007199254740991
   WHERE campaign = NEW.id AND month = 0 AND rule = '' AND closed_at IS NULL;
END;
