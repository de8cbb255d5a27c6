-- The console's daily work: what lists are read by, what is summed up by day, and what members write.

-- The last day, in UTC, on which somebody joined, shared, was clicked or brought a friend: lists are
-- sorted by it. A row moves at most once a day.
ALTER TABLE participant ADD COLUMN active_day INTEGER NOT NULL DEFAULT 0;

-- directory::by_activity
CREATE INDEX participant_by_activity ON participant (campaign, active_day, id);
-- directory::few; nothing is written to it while nobody is blocked.
CREATE INDEX participant_blocked ON participant (campaign, created_at, id)
  WHERE blocked_at IS NOT NULL;
-- directory::few; written once, with a person who has a name.
CREATE INDEX person_first_name ON person (campaign, lower(first_name), lower(last_name))
  WHERE kind = 'PARTICIPANT' AND first_name IS NOT NULL;
CREATE INDEX person_last_name ON person (campaign, lower(last_name), lower(first_name))
  WHERE kind = 'PARTICIPANT' AND last_name IS NOT NULL;
-- bonds::by_outcome, directory::few; what waits and what is credited is not in it.
CREATE INDEX referral_odd ON referral (campaign, outcome, bound_at, friend)
  WHERE outcome IN ('HELD', 'EXPIRED', 'REJECTED', 'REVERSED');
-- queue::by_age; written once, with the reward.
CREATE INDEX reward_by_age ON reward (campaign, created_at, id);
-- queue::open, directory::few; what is given at once is not in it.
CREATE INDEX reward_open ON reward (campaign, (approved_at IS NULL), created_at, id)
  WHERE status = 'PENDING';

CREATE TRIGGER participant_active AFTER INSERT ON participant BEGIN
  UPDATE participant SET active_day = NEW.created_at / 86400000 WHERE id = NEW.id;
END;

CREATE TRIGGER referral_active AFTER INSERT ON referral BEGIN
  UPDATE participant SET active_day = NEW.bound_at / 86400000
   WHERE id = NEW.referrer AND active_day < NEW.bound_at / 86400000;
END;

CREATE TRIGGER click_active AFTER INSERT ON click_day BEGIN
  UPDATE participant SET active_day = NEW.day WHERE id = NEW.participant AND active_day < NEW.day;
END;

CREATE TRIGGER share_active AFTER INSERT ON share BEGIN
  UPDATE participant SET active_day = NEW.at / 86400000
   WHERE id = NEW.participant AND active_day < NEW.at / 86400000;
END;

-- How far a campaign's clocks are ahead of UTC, in milliseconds: by it, its days are told apart. Kept
-- by the cron, and by whoever changes the time zone.
CREATE TABLE clock (
  campaign TEXT PRIMARY KEY,
  ahead INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What happened on a day of the campaign's own calendar, by share channel ('': by none). What is undone
-- leaves the day on which it was done.
CREATE TABLE figure (
  campaign TEXT NOT NULL,
  -- Counted from 1970-01-01 by the campaign's clocks.
  day INTEGER NOT NULL,
  channel TEXT NOT NULL,
  impressions INTEGER NOT NULL DEFAULT 0,
  uniques INTEGER NOT NULL DEFAULT 0,
  shares INTEGER NOT NULL DEFAULT 0,
  participants INTEGER NOT NULL DEFAULT 0,
  -- Friends who were bound and not refused, and of those, who were credited.
  referrals INTEGER NOT NULL DEFAULT 0,
  credited INTEGER NOT NULL DEFAULT 0,
  -- Events of friends, and what they paid, less what was refunded.
  conversions INTEGER NOT NULL DEFAULT 0,
  revenue INTEGER NOT NULL DEFAULT 0,
  -- Rewards that were given, and what they are worth.
  rewards INTEGER NOT NULL DEFAULT 0,
  amount INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (campaign, day, channel)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER participant_figured AFTER INSERT ON participant BEGIN
  INSERT INTO figure (campaign, day, channel, participants)
  VALUES (NEW.campaign,
          (NEW.created_at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
            / 86400000, '', 1)
  ON CONFLICT DO UPDATE SET participants = participants + 1;
END;

CREATE TRIGGER share_figured AFTER INSERT ON share BEGIN
  INSERT INTO figure (campaign, day, channel, shares)
  VALUES (NEW.campaign,
          (NEW.at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0)) / 86400000,
          NEW.channel, 1)
  ON CONFLICT DO UPDATE SET shares = shares + 1;
END;

CREATE TRIGGER referral_figured AFTER INSERT ON referral BEGIN
  INSERT INTO figure (campaign, day, channel, referrals, credited)
  VALUES (NEW.campaign,
          (NEW.bound_at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
            / 86400000,
          coalesce(NEW.channel, ''), NEW.outcome <> 'REJECTED', NEW.outcome = 'AWARDED')
  ON CONFLICT DO UPDATE SET referrals = referrals + excluded.referrals,
                            credited = credited + excluded.credited;
END;

CREATE TRIGGER referral_refigured AFTER UPDATE OF outcome ON referral
  WHEN (NEW.outcome = 'REJECTED') <> (OLD.outcome = 'REJECTED')
BEGIN
  UPDATE figure
     SET referrals = referrals + (NEW.outcome <> 'REJECTED') - (OLD.outcome <> 'REJECTED')
   WHERE campaign = NEW.campaign AND channel = coalesce(NEW.channel, '')
     AND day = (NEW.bound_at
                 + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0)) / 86400000;
END;

CREATE TRIGGER referral_awarded AFTER UPDATE OF outcome ON referral
  WHEN NEW.outcome = 'AWARDED' AND OLD.outcome <> 'AWARDED'
BEGIN
  INSERT INTO figure (campaign, day, channel, credited)
  VALUES (NEW.campaign,
          (NEW.updated_at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
            / 86400000, coalesce(NEW.channel, ''), 1)
  ON CONFLICT DO UPDATE SET credited = credited + 1;
END;

CREATE TRIGGER referral_unawarded AFTER UPDATE OF outcome ON referral
  WHEN OLD.outcome = 'AWARDED' AND NEW.outcome <> 'AWARDED'
BEGIN
  UPDATE figure SET credited = credited - 1
   WHERE campaign = OLD.campaign AND channel = coalesce(OLD.channel, '')
     AND day = (coalesce(OLD.settled_at, OLD.bound_at)
                 + coalesce((SELECT ahead FROM clock WHERE campaign = OLD.campaign), 0)) / 86400000;
END;

CREATE TRIGGER referral_unfigured AFTER DELETE ON referral BEGIN
  UPDATE figure SET referrals = referrals - (OLD.outcome <> 'REJECTED')
   WHERE campaign = OLD.campaign AND channel = coalesce(OLD.channel, '')
     AND day = (OLD.bound_at
                 + coalesce((SELECT ahead FROM clock WHERE campaign = OLD.campaign), 0)) / 86400000;
  UPDATE figure SET credited = credited - 1
   WHERE OLD.outcome = 'AWARDED'
     AND campaign = OLD.campaign AND channel = coalesce(OLD.channel, '')
     AND day = (coalesce(OLD.settled_at, OLD.bound_at)
                 + coalesce((SELECT ahead FROM clock WHERE campaign = OLD.campaign), 0)) / 86400000;
END;

CREATE TRIGGER conversion_figured AFTER INSERT ON conversion BEGIN
  INSERT INTO figure (campaign, day, channel, conversions, revenue)
  VALUES (NEW.campaign,
          (NEW.at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0)) / 86400000,
          coalesce((SELECT channel FROM referral
                     WHERE campaign = NEW.campaign AND friend = NEW.participant), ''),
          1, coalesce(NEW.gross, 0) - NEW.refunded)
  ON CONFLICT DO UPDATE SET conversions = conversions + 1, revenue = revenue + excluded.revenue;
END;

CREATE TRIGGER conversion_refunded AFTER UPDATE OF refunded ON conversion
  WHEN NEW.refunded <> OLD.refunded
BEGIN
  UPDATE figure SET revenue = revenue - (NEW.refunded - OLD.refunded)
   WHERE campaign = NEW.campaign
     AND channel = coalesce((SELECT channel FROM referral
                              WHERE campaign = NEW.campaign AND friend = NEW.participant), '')
     AND day = (NEW.at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
                 / 86400000;
END;

CREATE TRIGGER reward_figured AFTER INSERT ON reward WHEN NEW.fulfilled_at IS NOT NULL BEGIN
  INSERT INTO figure (campaign, day, channel, rewards, amount)
  VALUES (NEW.campaign,
          (NEW.fulfilled_at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
            / 86400000, '', 1, coalesce(NEW.amount, 0))
  ON CONFLICT DO UPDATE SET rewards = rewards + 1, amount = amount + excluded.amount;
END;

CREATE TRIGGER reward_refigured AFTER UPDATE OF fulfilled_at ON reward
  WHEN OLD.fulfilled_at IS NOT NEW.fulfilled_at
BEGIN
  UPDATE figure SET rewards = rewards - 1, amount = amount - coalesce(OLD.amount, 0)
   WHERE OLD.fulfilled_at IS NOT NULL AND campaign = OLD.campaign AND channel = ''
     AND day = (OLD.fulfilled_at
                 + coalesce((SELECT ahead FROM clock WHERE campaign = OLD.campaign), 0)) / 86400000;
  INSERT INTO figure (campaign, day, channel, rewards, amount)
  SELECT NEW.campaign,
         (NEW.fulfilled_at + coalesce((SELECT ahead FROM clock WHERE campaign = NEW.campaign), 0))
           / 86400000, '', 1, coalesce(NEW.amount, 0)
   WHERE NEW.fulfilled_at IS NOT NULL
  ON CONFLICT DO UPDATE SET rewards = rewards + 1, amount = amount + excluded.amount;
END;

-- What members wrote about a participant: erased with them.
CREATE TABLE note (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  -- Who wrote it: a member's id.
  member TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- notes::of
CREATE INDEX note_by_participant ON note (participant, id);

-- Lists as a member keeps them: a name and a query.
CREATE TABLE saved_view (
  member TEXT NOT NULL,
  campaign TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (member, campaign, name)
) STRICT, WITHOUT ROWID;
