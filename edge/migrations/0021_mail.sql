-- Mail: what people are told and when, the owner's own texts, and who is not written to. Addresses lie
-- in `person`, and nowhere else.

-- How a campaign writes, as JSON.
CREATE TABLE mail_setting (
  campaign TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  -- Counts changes; a stale one fails the batch.
  revision INTEGER NOT NULL,
  -- When the month that people are told of next is over; NULL: they are told of none.
  month_ends_at INTEGER,
  -- Up to which bonds referrers were reminded of friends who do not count yet; NULL: of none.
  reminded_to INTEGER
) STRICT, WITHOUT ROWID;

-- mailings::months
CREATE INDEX mail_setting_by_month ON mail_setting (month_ends_at) WHERE month_ends_at IS NOT NULL;

-- reminders::due
CREATE INDEX mail_setting_by_reminder ON mail_setting (reminded_to) WHERE reminded_to IS NOT NULL;

-- What a campaign sends by itself: the kinds that are switched on, while its mail is.
CREATE TABLE mail_kind (
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (campaign, kind)
) STRICT, WITHOUT ROWID;

-- The owner's words, where they differ from those that the product comes with.
CREATE TABLE email_template (
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL,
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  preheader TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign, kind, lang)
) STRICT, WITHOUT ROWID;

-- A message to one person, rendered when it is sent from what is known then.
CREATE TABLE message (
  -- The order in which they were written.
  seq INTEGER PRIMARY KEY,
  campaign TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- A participant's id or a member's.
  subject TEXT NOT NULL,
  -- What it tells of: a friend, a reward, a month. Nothing is told twice.
  occasion TEXT NOT NULL,
  -- The owner's words for this one message, as JSON, until it is sent.
  words TEXT,
  lang TEXT,
  -- QUEUED, SENT, SUPPRESSED (with the reason), FAILED, BOUNCED or COMPLAINED.
  state TEXT NOT NULL DEFAULT 'QUEUED',
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  settled_at INTEGER,
  UNIQUE (subject, kind, occasion)
) STRICT;

-- messages::due
CREATE INDEX message_due ON message (due_at) WHERE state = 'QUEUED';
-- messages::page
CREATE INDEX message_by_campaign ON message (campaign, seq);
-- messages::forget
CREATE INDEX message_by_settling ON message (settled_at) WHERE settled_at IS NOT NULL;

-- What is told to everybody of a campaign, a few at a time.
CREATE TABLE mailing (
  campaign TEXT NOT NULL,
  -- ENDED or MONTH.
  kind TEXT NOT NULL,
  -- The campaign's end, or the month.
  occasion INTEGER NOT NULL,
  -- Up to whom it was told: when they joined, and their id.
  after_at INTEGER NOT NULL DEFAULT -1,
  after_id TEXT NOT NULL DEFAULT '',
  due_at INTEGER NOT NULL,
  done_at INTEGER,
  PRIMARY KEY (campaign, kind, occasion)
) STRICT, WITHOUT ROWID;

-- mailings::due
CREATE INDEX mailing_due ON mailing (due_at) WHERE done_at IS NULL;

-- Who is not written to, by a keyed hash of their identity: it outlives the person.
CREATE TABLE suppression (
  campaign TEXT NOT NULL,
  hash TEXT NOT NULL,
  -- What they get no more, such as MONTH (`mail::Topic`), or ALL.
  topic TEXT NOT NULL,
  -- ASKED: they said so. BOUNCED: nobody takes mail there.
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- That an address bounced may be taken back; what they said stays.
  PRIMARY KEY (campaign, hash, topic, reason)
) STRICT, WITHOUT ROWID;

-- Which of the team's messages a member does not want (members::all, members::refuse).
CREATE TABLE member_refusal (
  member TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (member, kind)
) STRICT, WITHOUT ROWID;

-- Somebody came by a referrer's link; what is held or rejected is told to nobody.
CREATE TRIGGER referral_told AFTER INSERT ON referral
  WHEN NEW.outcome IN ('PENDING', 'AWARDED')
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT campaign, kind, NEW.referrer, NEW.friend, NEW.updated_at, NEW.updated_at
    FROM mail_kind WHERE campaign = NEW.campaign AND kind = 'referredSignup'
  ON CONFLICT DO NOTHING;
END;

-- The review let it pass.
CREATE TRIGGER referral_passed AFTER UPDATE OF outcome ON referral
  WHEN OLD.outcome = 'HELD' AND NEW.outcome IN ('PENDING', 'AWARDED')
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT campaign, kind, NEW.referrer, NEW.friend, NEW.updated_at, NEW.updated_at
    FROM mail_kind WHERE campaign = NEW.campaign AND kind = 'referredSignup'
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER referral_credit_told AFTER UPDATE OF outcome ON referral
  WHEN NEW.outcome = 'AWARDED' AND OLD.outcome <> 'AWARDED'
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT campaign, kind, NEW.referrer, NEW.friend, NEW.updated_at, NEW.updated_at
    FROM mail_kind WHERE campaign = NEW.campaign AND kind = 'referralLinkUsed'
  ON CONFLICT DO NOTHING;
END;

-- A reward is somebody's when it is approved; a code of one's own is told of when it is given, because
-- the message holds it.
CREATE TRIGGER reward_told AFTER UPDATE OF approved_at, status, lacks ON reward
  WHEN NEW.approved_at IS NOT NULL AND NEW.status IN ('PENDING', 'FULFILLED')
   AND iif(NEW.kind = 'UNIQUE_COUPON',
           NEW.status = 'FULFILLED' AND NEW.lacks IS NOT 'COUPON'
             AND (OLD.status <> 'FULFILLED' OR OLD.lacks IS 'COUPON' OR OLD.approved_at IS NULL),
           OLD.approved_at IS NULL)
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT campaign, kind, NEW.participant, NEW.id,
         iif(NEW.kind = 'UNIQUE_COUPON', coalesce(NEW.fulfilled_at, NEW.approved_at),
             NEW.approved_at),
         iif(NEW.kind = 'UNIQUE_COUPON', coalesce(NEW.fulfilled_at, NEW.approved_at),
             NEW.approved_at)
    FROM mail_kind WHERE campaign = NEW.campaign AND kind = 'goalAchieved'
  ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER reward_told_at_once AFTER INSERT ON reward
  WHEN NEW.approved_at IS NOT NULL
   AND (NEW.status = 'FULFILLED' OR NEW.status = 'PENDING' AND NEW.kind <> 'UNIQUE_COUPON')
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT campaign, kind, NEW.participant, NEW.id, NEW.approved_at, NEW.approved_at
    FROM mail_kind WHERE campaign = NEW.campaign AND kind = 'goalAchieved'
  ON CONFLICT DO NOTHING;
END;

-- The first clicks of people on a referrer's link.
CREATE TRIGGER link_viewed_told AFTER INSERT ON click_day
  WHEN 0 < NEW.impressions
   AND EXISTS (SELECT 1 FROM mail_kind
                WHERE campaign = NEW.campaign AND kind = 'referralLinkViewedFirstTime')
   AND NOT EXISTS (SELECT 1 FROM click_day
                    WHERE campaign = NEW.campaign AND participant = NEW.participant
                      AND day <> NEW.day)
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  VALUES (NEW.campaign, 'referralLinkViewedFirstTime', NEW.participant, '', NEW.day * 86400000,
          NEW.day * 86400000)
  ON CONFLICT DO NOTHING;
END;

-- Everybody is told of the end once it is settled who won.
CREATE TRIGGER campaign_end_told AFTER UPDATE OF status ON campaign
  WHEN NEW.status = 'COMPLETE' AND OLD.status <> 'COMPLETE' AND NEW.ended_at IS NOT NULL
   AND EXISTS (SELECT 1 FROM mail_kind
                WHERE campaign = NEW.id
                  AND kind IN ('campaignEndedWinners', 'campaignEndedNonWinners'))
BEGIN
  INSERT INTO mailing (campaign, kind, occasion, due_at)
  VALUES (NEW.id, 'ENDED', NEW.ended_at, NEW.ended_at + 1200000)
  ON CONFLICT DO NOTHING;
END;

-- One that goes on is not told of as ended.
CREATE TRIGGER campaign_goes_on AFTER UPDATE OF status ON campaign
  WHEN NEW.status <> 'COMPLETE' AND OLD.status = 'COMPLETE'
BEGIN
  DELETE FROM mailing WHERE campaign = NEW.id AND kind = 'ENDED' AND done_at IS NULL;
END;

-- The team is told of its work a quarter of an hour later, so that several notices are one message; and
-- once a day at most.
CREATE TRIGGER notice_told AFTER INSERT ON notice
  WHEN NEW.kind IN ('REWARD_WAITING', 'COUPONS_LOW')
BEGIN
  INSERT INTO message (campaign, kind, subject, occasion, due_at, created_at)
  SELECT k.campaign, k.kind, m.id, k.campaign || ':' || (NEW.at / 86400000), NEW.at + 900000, NEW.at
    FROM mail_kind AS k CROSS JOIN member AS m
   WHERE k.campaign = NEW.campaign AND m.removed_at IS NULL AND m.joined_at IS NOT NULL
     AND (k.kind = 'rewardWaits' AND NEW.kind = 'REWARD_WAITING'
            AND m.role IN ('OWNER', 'MANAGER', 'REVIEWER')
          OR k.kind = 'couponsLow' AND NEW.kind = 'COUPONS_LOW' AND m.role IN ('OWNER', 'MANAGER'))
     AND EXISTS (SELECT 1 FROM person WHERE subject = m.id AND kind = 'MEMBER')
     AND NOT EXISTS (SELECT 1 FROM member_refusal WHERE member = m.id AND kind = k.kind)
  ON CONFLICT DO NOTHING;
END;

-- Who was forgotten is not written to, and what was to be said to them is forgotten, too.
CREATE TRIGGER participant_untold AFTER UPDATE OF erased_at ON participant
  WHEN NEW.erased_at IS NOT NULL
BEGIN
  UPDATE message SET state = 'SUPPRESSED', reason = 'GONE', words = NULL, settled_at = NEW.erased_at
   WHERE subject = NEW.id AND state = 'QUEUED';
END;
