-- The page for participants.

-- Whether they joined there, and no sign-up to the owner's product was told since: to join earns nobody
-- anything.
ALTER TABLE participant ADD COLUMN joined INTEGER NOT NULL DEFAULT 0;
