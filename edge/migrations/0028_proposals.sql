-- Forms that the widget met and that wait for the owner's word: their structure and words, nobody's data.

CREATE TABLE proposal (
  campaign TEXT NOT NULL,
  -- What tells the form from others.
  signature TEXT NOT NULL,
  -- JSON.
  body TEXT NOT NULL CHECK (length(body) <= 4096),
  at INTEGER NOT NULL,
  -- When the owner put it aside; one that its selector names goes to the campaign's lists instead.
  dismissed_at INTEGER,
  PRIMARY KEY (campaign, signature)
) STRICT, WITHOUT ROWID;
