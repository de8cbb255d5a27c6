-- Versions of what a campaign says: its settings, its rules and the owner's own texts, each with who
-- made it. A rule's words lie in rule_version.

CREATE TABLE version (
  campaign TEXT NOT NULL,
  -- Counted from 1 within the campaign.
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- MEMBER, KEY or NOBODY (the service itself), and their id.
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL,
  -- What it is of: SETTINGS, TEXTS, or a rule's id.
  subject TEXT NOT NULL,
  -- Of a rule: its version; NULL once it is out of force.
  rule_version INTEGER,
  -- Of settings and texts: what they are from then on, as JSON; lists of addresses by their length.
  body TEXT,
  PRIMARY KEY (campaign, number)
) STRICT, WITHOUT ROWID;

-- versions::settle, versions::page, versions::standing
CREATE INDEX version_by_subject ON version (campaign, subject, number);

-- A rule in force is a version, whoever wrote it; so is its end.
CREATE TRIGGER rule_versioned AFTER INSERT ON rule_version BEGIN
  INSERT INTO version (campaign, number, at, by_kind, by_id, subject, rule_version)
  SELECT NEW.campaign, coalesce(max(number), 0) + 1, NEW.at, 'NOBODY', '', NEW.rule, NEW.version
    FROM version WHERE campaign = NEW.campaign;
END;

CREATE TRIGGER rule_retired AFTER UPDATE OF removed_at ON rule
  WHEN OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL
BEGIN
  INSERT INTO version (campaign, number, at, by_kind, by_id, subject)
  SELECT NEW.campaign, coalesce(max(number), 0) + 1, NEW.removed_at, 'NOBODY', '', NEW.id
    FROM version WHERE campaign = NEW.campaign;
END;

-- Who did it is what the audit log says in the same batch.
CREATE TRIGGER version_signed AFTER INSERT ON audit
  WHEN NEW.act IN ('CAMPAIGN_MADE', 'RULE_MADE', 'RULE_CHANGED', 'RULE_REMOVED')
    AND NEW.by_kind IN ('KEY', 'MEMBER')
BEGIN
  UPDATE version SET by_kind = NEW.by_kind, by_id = NEW.by_id
   WHERE campaign = NEW.campaign AND at = NEW.at AND by_kind = 'NOBODY'
     AND (NEW.act = 'CAMPAIGN_MADE' OR subject = NEW.subject);
END;

-- The owner's own texts of the card, as JSON.
CREATE TABLE card_text (
  campaign TEXT PRIMARY KEY,
  body TEXT NOT NULL,
  -- Counts changes; a stale one fails the batch.
  revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
