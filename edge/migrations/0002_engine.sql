-- The reward engine: counts, budgets, versions of rules. What is counted here follows from its rows
-- by triggers, so that no code can forget it.

-- Every version of every rule: decisions name the one that was in force.
CREATE TABLE rule_version (
  rule TEXT NOT NULL,
  version INTEGER NOT NULL,
  campaign TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (rule, version)
) STRICT, WITHOUT ROWID;

-- referrals::of_referrer
CREATE INDEX referral_by_age ON referral (referrer, bound_at, friend);

-- A referrer's referrals by calendar month; month 0 is all time, and every participant has it.
CREATE TABLE tally (
  participant TEXT NOT NULL,
  month INTEGER NOT NULL,
  campaign TEXT NOT NULL,
  -- For ties on a leaderboard.
  joined_at INTEGER NOT NULL,
  leads INTEGER NOT NULL DEFAULT 0,
  vouched_leads INTEGER NOT NULL DEFAULT 0,
  credited INTEGER NOT NULL DEFAULT 0 CHECK (0 <= credited),
  vouched INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (participant, month)
) STRICT, WITHOUT ROWID;

-- leaderboards::page
CREATE INDEX tally_board ON tally (campaign, month, credited DESC, joined_at, participant);

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

-- What a referral counts: a lead unless it was rejected; a credit while it is awarded; vouched for
-- if more than a browser says so.
CREATE TRIGGER referral_added AFTER INSERT ON referral BEGIN
  INSERT INTO tally (participant, month, campaign, joined_at)
  SELECT p.id, m.value, p.campaign, p.created_at
    FROM participant AS p JOIN json_each(json_array(NEW.bound_month, NEW.month)) AS m
   WHERE p.id = NEW.referrer AND m.value IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE tally
     SET leads = leads + (NEW.outcome <> 'REJECTED'),
         vouched_leads = vouched_leads + (NEW.outcome <> 'REJECTED' AND NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.bound_month);
  UPDATE tally
     SET credited = credited + 1, vouched = vouched + (NEW.source <> 'BROWSER')
   WHERE participant = NEW.referrer AND month IN (0, NEW.month) AND NEW.outcome = 'AWARDED';
END;

CREATE TRIGGER referral_changed AFTER UPDATE OF outcome, source, month ON referral BEGIN
  INSERT INTO tally (participant, month, campaign, joined_at)
  SELECT id, NEW.month, campaign, created_at
    FROM participant
   WHERE id = NEW.referrer AND NEW.month IS NOT NULL
  ON CONFLICT DO NOTHING;
  UPDATE tally
     SET leads = leads + (NEW.outcome <> 'REJECTED') - (OLD.outcome <> 'REJECTED'),
         vouched_leads = vouched_leads
           + (NEW.outcome <> 'REJECTED' AND NEW.source <> 'BROWSER')
           - (OLD.outcome <> 'REJECTED' AND OLD.source <> 'BROWSER')
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
     SET leads = leads - (OLD.outcome <> 'REJECTED'),
         vouched_leads = vouched_leads - (OLD.outcome <> 'REJECTED' AND OLD.source <> 'BROWSER')
   WHERE participant = OLD.referrer AND month IN (0, OLD.bound_month);
  UPDATE tally
     SET credited = credited - 1, vouched = vouched - (OLD.source <> 'BROWSER')
   WHERE participant = OLD.referrer AND month IN (0, OLD.month) AND OLD.outcome = 'AWARDED';
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

-- What a campaign may give away, and what it has given: rewards that more than a browser vouches
-- for and that were not cancelled. Whatever would exceed it fails the batch.
CREATE TABLE budget (
  campaign TEXT PRIMARY KEY,
  rewards_most INTEGER,
  amount_most INTEGER,
  rewards INTEGER NOT NULL DEFAULT 0,
  amount INTEGER NOT NULL DEFAULT 0,
  CHECK (rewards_most IS NULL OR rewards <= rewards_most),
  CHECK (amount_most IS NULL OR amount <= amount_most)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER campaign_budgeted AFTER INSERT ON campaign BEGIN
  INSERT INTO budget (campaign, rewards_most, amount_most)
  VALUES (NEW.id, NEW.options->'budget'->>'rewards', NEW.options->'budget'->>'amount');
END;

CREATE TRIGGER campaign_rebudgeted AFTER UPDATE OF options ON campaign BEGIN
  UPDATE budget SET rewards_most = NEW.options->'budget'->>'rewards',
                    amount_most = NEW.options->'budget'->>'amount'
   WHERE campaign = NEW.id;
END;

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
