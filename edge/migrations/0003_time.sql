-- Time: what is due is found by an index on when it is due.

-- How long a pending referral waits follows the campaign's option, whoever changes it. A referral
-- whose credit is put off has no end of waiting: it does not expire (R-DELAY-2).
CREATE TRIGGER referral_windowed AFTER INSERT ON referral
  WHEN NEW.credit_at IS NULL AND EXISTS (SELECT 1 FROM campaign WHERE id = NEW.campaign)
    AND NEW.expires_at IS NOT
      (SELECT NEW.bound_at + (options->>'referralCreditWindowDays') * 86400000
         FROM campaign WHERE id = NEW.campaign)
BEGIN
  UPDATE referral
     SET expires_at = (SELECT NEW.bound_at + (options->>'referralCreditWindowDays') * 86400000
                         FROM campaign WHERE id = NEW.campaign)
   WHERE campaign = NEW.campaign AND friend = NEW.friend;
END;

CREATE TRIGGER campaign_rewindowed AFTER UPDATE OF options ON campaign
  WHEN NEW.options->>'referralCreditWindowDays' IS NOT OLD.options->>'referralCreditWindowDays'
BEGIN
  UPDATE referral
     SET expires_at = bound_at + (NEW.options->>'referralCreditWindowDays') * 86400000
   WHERE campaign = NEW.id AND outcome = 'PENDING' AND credit_at IS NULL;
END;

-- Rewards whose hold is over, by who vouches for them: what only a browser does has to be looked at one
-- by one.
DROP INDEX reward_due;
-- holds::due
CREATE INDEX reward_due ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source <> 'BROWSER';
-- holds::doubted
CREATE INDEX reward_doubted ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL
    AND source = 'BROWSER';

-- ends::due
CREATE INDEX campaign_ending ON campaign (options->>'endsAt')
  WHERE status = 'IN_PROGRESS' AND options->>'endsAt' IS NOT NULL;

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

-- boards::places; not `0 < vouched`, which SQLite turns round in a query and then does not know again.
CREATE INDEX tally_vouched ON tally (campaign, month, vouched DESC, joined_at, participant)
  WHERE vouched > 0;

-- The first of the next month in UTC, less 14 hours: no clock is further ahead.
INSERT INTO board (campaign, month, due_at)
SELECT DISTINCT campaign, month,
       unixepoch(printf('%04d-%02d-01', (month + 1) / 12, (month + 1) % 12 + 1)) * 1000 - 50400000
  FROM tally WHERE month <> 0;

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
