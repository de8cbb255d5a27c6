-- What somebody asks to be looked at again, and what they read.

-- Once a decision. What was asked and answered goes with the person.
CREATE TABLE appeal (
  -- The decision's id.
  decision TEXT PRIMARY KEY,
  campaign TEXT NOT NULL,
  participant TEXT NOT NULL,
  -- What they said, if anything.
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- OPEN, AGREED, KEPT.
  state TEXT NOT NULL DEFAULT 'OPEN',
  -- What the team said, if anything.
  reply TEXT NOT NULL DEFAULT '',
  answered_at INTEGER
) STRICT, WITHOUT ROWID;

-- appeals::open, figures::waiting
CREATE INDEX appeal_open ON appeal (campaign, at, decision) WHERE state = 'OPEN';
-- appeals::of
CREATE INDEX appeal_by_participant ON appeal (participant);

CREATE TRIGGER appeal_noticed AFTER INSERT ON appeal BEGIN
  INSERT INTO notice (campaign, kind, subject, at)
  VALUES (NEW.campaign, 'APPEAL_MADE', NEW.decision, NEW.at);
END;

CREATE TRIGGER appeal_answered AFTER UPDATE OF state ON appeal BEGIN
  UPDATE notice SET seen_at = NEW.answered_at
   WHERE kind = 'APPEAL_MADE' AND subject = NEW.decision;
END;

CREATE TRIGGER appeal_forgotten AFTER DELETE ON appeal BEGIN
  DELETE FROM notice WHERE kind = 'APPEAL_MADE' AND subject = OLD.decision;
END;

-- Up to when somebody read on their page what happened.
ALTER TABLE participant ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
