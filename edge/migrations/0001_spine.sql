-- The spine: campaigns, people, clicks, referrals, conversions, rewards, decisions.
-- Times are milliseconds since 1970, amounts minor units with a currency beside them.
-- Uniqueness lives here: any request may be repeated or raced with the effect of one.

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

CREATE TABLE participant (
  -- Also the default code.
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- How they came: DIRECT or PARTICIPANT.
  origin TEXT NOT NULL,
  -- The best of those who vouch for them: BROWSER, SIGNED or SERVER.
  source TEXT NOT NULL,
  language TEXT,
  blocked_at INTEGER,
  revision INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- participants::page
CREATE INDEX participant_by_age ON participant (campaign, created_at, id);

-- The one table for personal data: of participants, and of leads until they are read.
CREATE TABLE person (
  -- A participant's id or a lead's.
  subject TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('PARTICIPANT', 'LEAD')),
  email TEXT NOT NULL,
  identity TEXT NOT NULL,
  first_name TEXT,
  last_name TEXT,
  metadata TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- One participant per person and campaign; participants::find reads by it.
CREATE UNIQUE INDEX person_identity ON person (campaign, identity) WHERE kind = 'PARTICIPANT';

-- What links carry, unique in the installation.
CREATE TABLE code (
  code TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- participants::views
CREATE INDEX code_by_participant ON code (participant);

CREATE TABLE click (
  -- The order of arrival, by which roll-ups go on. No number comes twice, because the newest click
  -- that was rolled up is never deleted; AUTOINCREMENT would write another page for each click.
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  channel TEXT,
  class TEXT NOT NULL,
  -- Keyed hash of network and agent, its key forgotten after two days.
  visitor TEXT,
  at INTEGER NOT NULL
) STRICT;

-- Who was counted once on a day, per referrer; forgotten with the key of the hash.
CREATE TABLE unique_visitor (
  day INTEGER NOT NULL,
  participant TEXT NOT NULL,
  visitor TEXT NOT NULL,
  click INTEGER NOT NULL,
  PRIMARY KEY (day, participant, visitor)
) STRICT, WITHOUT ROWID;

-- Clicks by quarter of an hour, per campaign, channel and class.
CREATE TABLE click_quarter (
  campaign TEXT NOT NULL,
  quarter INTEGER NOT NULL,
  channel TEXT NOT NULL,
  class TEXT NOT NULL,
  clicks INTEGER NOT NULL,
  PRIMARY KEY (campaign, quarter, channel, class)
) STRICT, WITHOUT ROWID;

-- People's clicks by day and referrer: impressions, and unique ones.
CREATE TABLE click_day (
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  day INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  uniques INTEGER NOT NULL,
  PRIMARY KEY (campaign, participant, day)
) STRICT, WITHOUT ROWID;

-- How far the roll-ups have come: clicks up to `seq` are in them.
CREATE TABLE click_fold (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL
) STRICT;

INSERT INTO click_fold (id, seq) VALUES (1, 0);

-- Daily keys of the visitor hash.
CREATE TABLE salt (
  day INTEGER PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- A click confirmed on the landing page.
CREATE TABLE visit (
  click TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE share (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  channel TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- shares::counts
CREATE INDEX share_by_participant ON share (participant, channel);

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
  -- Until when the event may come; NULL: for ever.
  expires_at INTEGER,
  -- When a delayed credit is due, and who vouches for it.
  credit_at INTEGER,
  credit_source TEXT,
  -- The conversion that it was credited for.
  conversion TEXT,
  settled_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (campaign, friend)
) STRICT, WITHOUT ROWID;

-- referrals::expired
CREATE INDEX referral_expiring ON referral (expires_at)
  WHERE outcome = 'PENDING' AND expires_at IS NOT NULL;
-- referrals::due
CREATE INDEX referral_due ON referral (credit_at)
  WHERE outcome = 'PENDING' AND credit_at IS NOT NULL;
-- views::of
CREATE INDEX referral_by_referrer ON referral (referrer, outcome, settled_at);

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
  -- The friend, the referrer's n-th round, or a place on a leaderboard.
  occasion TEXT NOT NULL,
  -- How many of the referrer's referrals a round rests on; NULL: it rests on this friend alone.
  needs INTEGER,
  -- The month within which those are counted; NULL: all of them.
  month INTEGER,
  -- By what it was earned: LEAD or CONVERSION.
  event TEXT NOT NULL,
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
  -- The rule's hold, in days; and when it is approved by itself, if it is.
  hold_days INTEGER NOT NULL,
  approve_at INTEGER,
  approved_at INTEGER,
  fulfilled_at INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (rule, occasion, side)
) STRICT;

-- rewards::page, rewards::waiting, participants::referrer
CREATE INDEX reward_by_participant ON reward (participant, created_at, id);
-- rewards::waiting
CREATE INDEX reward_by_friend ON reward (friend);
-- rewards::due
CREATE INDEX reward_due ON reward (approve_at)
  WHERE status = 'PENDING' AND approved_at IS NULL AND approve_at IS NOT NULL;
-- rewards::most_given
CREATE INDEX reward_by_rule ON reward (rule, participant);

-- summaries::of
CREATE INDEX reward_by_campaign ON reward (campaign, participant) WHERE approved_at IS NOT NULL;

CREATE TABLE decision (
  id TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  -- Whom it is about: a participant, or a lead that became none.
  participant TEXT NOT NULL,
  kind TEXT NOT NULL,
  reasons TEXT NOT NULL,
  -- Ids and numbers that it rested on; nothing personal.
  facts TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- decisions::page, decisions::latest
CREATE INDEX decision_by_participant ON decision (participant, id);
CREATE INDEX decision_by_campaign ON decision (campaign, id);

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

-- Keys of the team; only hashes are kept.
CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  public TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

-- One-time links by which the owner enters; only hashes are kept.
CREATE TABLE owner_link (
  hash TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
