-- Campaigns: their keys, rules and budgets; the team's keys and the outbox.
-- Times are milliseconds since 1970, amounts minor units with a currency beside them.
-- Uniqueness lives in the schema: any request may be repeated or raced with the effect of one. What is
-- counted follows from its rows by triggers, so that no code can forget it.

CREATE TABLE campaign (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  company_name TEXT,
  company_logo_image_url TEXT,
  goal TEXT,
  -- Host of the share URL, for unknown links that arrive there.
  site_host TEXT,
  installation TEXT NOT NULL,
  options TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  ended_at INTEGER,
  -- Counts changes; a stale one fails the batch.
  revision INTEGER NOT NULL
) STRICT;

-- campaigns::by_host
CREATE INDEX campaign_by_host ON campaign (site_host);
-- ends::due
CREATE INDEX campaign_ending ON campaign (options->>'endsAt')
  WHERE status = 'IN_PROGRESS' AND options->>'endsAt' IS NOT NULL;

-- Generations of a campaign's signing key. The key itself is derived and never stored.
CREATE TABLE attribution_key (
  campaign TEXT NOT NULL,
  generation INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  retired_at INTEGER,
  PRIMARY KEY (campaign, generation)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- The rule in this version, as JSON.
  body TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  removed_at INTEGER,
  -- Counts changes; a stale one fails the batch.
  revision INTEGER NOT NULL DEFAULT 0
) STRICT;

-- rules::of_campaign
CREATE INDEX rule_by_campaign ON rule (campaign, created_at);

-- Every version of every rule: decisions name the one that was in force.
CREATE TABLE rule_version (
  rule TEXT NOT NULL,
  version INTEGER NOT NULL,
  campaign TEXT NOT NULL,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (rule, version)
) STRICT, WITHOUT ROWID;

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

-- The outbox. Payloads hold ids, never personal data.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  done_at INTEGER
) STRICT;

-- jobs::due
CREATE INDEX job_due ON job (due_at) WHERE done_at IS NULL;
