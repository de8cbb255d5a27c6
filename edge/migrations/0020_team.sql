-- Who runs the installation: members, how people enter, keys, and what everybody changed.

-- What the team calls itself: one row.
CREATE TABLE team (
  id TEXT PRIMARY KEY CHECK (id = 'team'),
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO team (id, name) VALUES ('team', 'Team');

-- Names and addresses of members lie in `person`.
CREATE TABLE member (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL,
  invited_by TEXT,
  created_at INTEGER NOT NULL,
  -- When they first came in.
  joined_at INTEGER,
  removed_at INTEGER
) STRICT;

-- Whoever runs the machine enters by the link that it prints; they need no address.
INSERT INTO member (id, role, created_at) VALUES ('owner', 'OWNER', 0);

-- One-time links by which people enter; only hashes are kept.
CREATE TABLE entry_link (
  hash TEXT PRIMARY KEY,
  -- Of whom: MEMBER or PARTICIPANT, and their id. A passkey's challenge is one too: PASSKEY, of
  -- nobody yet, or NEW_PASSKEY of a member.
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- sessions::revoke
CREATE INDEX entry_link_by_subject ON entry_link (subject);

-- Who is signed in, in which browser; only hashes are kept.
CREATE TABLE session (
  hash TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- sessions::revoke
CREATE INDEX session_by_subject ON session (subject);

-- How often something was tried in an hour, by a keyed hash of who or what.
CREATE TABLE attempt (
  bucket TEXT PRIMARY KEY,
  hour INTEGER NOT NULL,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Keys of the team; only hashes are kept.
CREATE TABLE api_key (
  id TEXT PRIMARY KEY,
  public TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  -- What it may be used for, as one line.
  scopes TEXT NOT NULL,
  created_by TEXT,
  created_at INTEGER NOT NULL,
  -- NULL: it stands until it is revoked.
  expires_at INTEGER,
  -- The minute in which it was last used.
  used_at INTEGER,
  revoked_at INTEGER,
  -- The key that took its place when it was rotated.
  replaced_by TEXT
) STRICT;

-- Passkeys of members: what is kept is public.
CREATE TABLE passkey (
  -- The credential's id, base64url.
  id TEXT PRIMARY KEY,
  member TEXT NOT NULL,
  name TEXT NOT NULL,
  -- The point of its P-256 key, uncompressed, base64url.
  point TEXT NOT NULL,
  -- How often it signed, as far as it says; a stale one fails the batch.
  counter INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT, WITHOUT ROWID;

-- passkeys::of
CREATE INDEX passkey_by_member ON passkey (member);

-- How often the secret was changed with which a site signs its customers in; none: never.
CREATE TABLE participant_secret (
  campaign TEXT PRIMARY KEY,
  generation INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every change: who, what, before and after. Ids in place of personal data.
CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  at INTEGER NOT NULL,
  -- MEMBER, KEY, PARTICIPANT or NOBODY (the service itself), and their id.
  by_kind TEXT NOT NULL,
  by_id TEXT NOT NULL,
  -- What was done, such as RULE_CHANGED.
  act TEXT NOT NULL,
  campaign TEXT,
  -- The id of what was changed.
  subject TEXT NOT NULL,
  -- The fields that changed, as JSON.
  before TEXT NOT NULL,
  after TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- audit::page
CREATE INDEX audit_by_campaign ON audit (campaign, id);
CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE INDEX audit_by_act ON audit (act, id);
CREATE INDEX audit_by_who ON audit (by_id, id);
