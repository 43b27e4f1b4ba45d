"""The office's side: roster, members, versions with decisions and comments, and the chain."""

from __future__ import annotations

SQL = """
ALTER TABLE units ADD COLUMN short TEXT NOT NULL DEFAULT '';

ALTER TABLE units ADD COLUMN place INTEGER NOT NULL DEFAULT 0;

ALTER TABLE units ADD COLUMN parent_id INTEGER REFERENCES units (id);

ALTER TABLE units ADD COLUMN own INTEGER NOT NULL DEFAULT 0;

ALTER TABLE units ADD COLUMN exempt TEXT NOT NULL DEFAULT '';

ALTER TABLE units ADD COLUMN merged_into INTEGER REFERENCES units (id);

CREATE TABLE kept_uploads AS SELECT * FROM uploads;

DROP TABLE uploads;

CREATE TABLE uploads (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  draft_id INTEGER REFERENCES drafts (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  name TEXT NOT NULL,
  handle TEXT NOT NULL,
  received_at TEXT NOT NULL,
  report TEXT,
  told_at TEXT
) STRICT;

INSERT INTO uploads SELECT * FROM kept_uploads;

DROP TABLE kept_uploads;

CREATE INDEX uploads_waiting ON uploads (id) WHERE told_at IS NULL;

ALTER TABLE drafts ADD COLUMN stage TEXT NOT NULL DEFAULT 'filling';

ALTER TABLE drafts ADD COLUMN percent INTEGER NOT NULL DEFAULT 0;

ALTER TABLE drafts ADD COLUMN hard INTEGER NOT NULL DEFAULT 0;

ALTER TABLE drafts ADD COLUMN explain INTEGER NOT NULL DEFAULT 0;

ALTER TABLE drafts ADD COLUMN checked INTEGER NOT NULL DEFAULT 0;

ALTER TABLE drafts ADD COLUMN moved_at TEXT;

ALTER TABLE drafts ADD COLUMN promised TEXT;

UPDATE drafts SET moved_at = (SELECT max(at) FROM history WHERE draft_id = drafts.id);

CREATE TABLE kept_seats AS SELECT * FROM seats;

DROP TABLE seats;

CREATE TABLE kept_chats AS SELECT * FROM chats;

DROP TABLE chats;

CREATE TABLE chats (
  address TEXT PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people (id),
  draft_id INTEGER REFERENCES drafts (id),
  at_desk INTEGER NOT NULL DEFAULT 0,
  desk TEXT NOT NULL DEFAULT '',
  told_version INTEGER NOT NULL DEFAULT 0,
  told_at TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO chats (address, person_id, draft_id) SELECT * FROM kept_chats;

CREATE INDEX chats_person ON chats (person_id);

CREATE TABLE seats (
  address TEXT NOT NULL REFERENCES chats (address),
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  position TEXT NOT NULL,
  PRIMARY KEY (address, draft_id)
) STRICT, WITHOUT ROWID;

INSERT INTO seats SELECT address, draft_id, position FROM kept_seats;

DROP TABLE kept_seats;

DROP TABLE kept_chats;

CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people (id),
  role TEXT NOT NULL CHECK (role IN ('office', 'observer', 'contact')),
  unit_id INTEGER REFERENCES units (id),
  since TEXT NOT NULL,
  until TEXT,
  CHECK ((role = 'contact') = (unit_id IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX members_now ON members (person_id, role, ifnull(unit_id, 0))
  WHERE until IS NULL;

CREATE INDEX members_role ON members (role, unit_id) WHERE until IS NULL;

INSERT INTO members (person_id, role, unit_id, since)
  SELECT DISTINCT person_id, 'contact', unit_id, people.created_at FROM seats
  JOIN chats ON chats.address = seats.address JOIN drafts ON drafts.id = seats.draft_id
  JOIN people ON people.id = person_id WHERE seats.address NOT LIKE 'command:%';

CREATE TABLE kept_invitations AS SELECT * FROM invitations;

DROP TABLE invitations;

CREATE TABLE invitations (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('office', 'observer', 'contact')),
  draft_id INTEGER REFERENCES drafts (id),
  replaces INTEGER REFERENCES people (id),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT,
  used_by INTEGER REFERENCES people (id),
  revoked_at TEXT,
  CHECK ((role = 'contact') = (draft_id IS NOT NULL))
) STRICT;

INSERT INTO invitations (hash, role, draft_id, created_at, expires_at, used_at, used_by)
  SELECT hash, 'contact', draft_id, created_at, expires_at, used_at, used_by FROM kept_invitations;

DROP TABLE kept_invitations;

CREATE INDEX invitations_draft ON invitations (draft_id) WHERE used_at IS NULL;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  number INTEGER NOT NULL,
  figures TEXT NOT NULL,
  report TEXT NOT NULL,
  explained TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  at TEXT NOT NULL,
  UNIQUE (draft_id, number)
) STRICT;

CREATE TABLE decisions (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions (id),
  kind TEXT NOT NULL CHECK (kind IN ('recalled', 'returned', 'approved', 'withdrawn')),
  reason TEXT NOT NULL DEFAULT '',
  person_id INTEGER NOT NULL REFERENCES people (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  at TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_version ON decisions (version_id, id);

CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  version_id INTEGER NOT NULL REFERENCES versions (id),
  item TEXT NOT NULL,
  text TEXT NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  at TEXT NOT NULL,
  dropped_at TEXT
) STRICT;

CREATE INDEX comments_version ON comments (version_id, id);

CREATE TABLE cycles (
  year INTEGER PRIMARY KEY,
  due TEXT,
  government_due TEXT
) STRICT;

CREATE TABLE rollups (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  year INTEGER NOT NULL,
  final INTEGER NOT NULL,
  counted TEXT NOT NULL,
  inbox TEXT NOT NULL REFERENCES inbox (key),
  at TEXT NOT NULL
) STRICT;

CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_outbox AS SELECT * FROM outbox;

DROP TABLE outbox;

CREATE TABLE kept_documents AS SELECT * FROM documents;

DROP TABLE documents;

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER REFERENCES drafts (id),
  version_id INTEGER REFERENCES versions (id),
  format TEXT NOT NULL,
  report TEXT NOT NULL,
  name TEXT,
  content BLOB,
  sha256 TEXT,
  error TEXT,
  created_at TEXT NOT NULL
) STRICT;

INSERT INTO documents (id, draft_id, format, report, name, content, sha256, error, created_at)
  SELECT id, draft_id, format, report, name, content, sha256, error, created_at
  FROM kept_documents;

DROP TABLE kept_documents;

CREATE INDEX documents_unmade ON documents (id)
  WHERE version_id IS NOT NULL AND content IS NULL AND error IS NULL;

CREATE INDEX documents_draft ON documents (draft_id);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  body TEXT NOT NULL,
  draft_id INTEGER REFERENCES drafts (id),
  question TEXT NOT NULL,
  buttons INTEGER NOT NULL,
  document_id INTEGER REFERENCES documents (id),
  secret INTEGER NOT NULL DEFAULT 0,
  queued_at TEXT NOT NULL,
  sent_at TEXT,
  message TEXT,
  error TEXT
) STRICT;

INSERT INTO outbox (id, address, body, draft_id, question, buttons, document_id, queued_at,
  sent_at, message, error) SELECT id, address, body, draft_id, question, buttons, document_id,
  queued_at, sent_at, message, error FROM kept_outbox;

DROP TABLE kept_outbox;

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;

CREATE INDEX outbox_message ON outbox (address, message);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  unit_id INTEGER REFERENCES units (id),
  draft_id INTEGER REFERENCES drafts (id),
  body TEXT NOT NULL,
  person_id INTEGER REFERENCES people (id),
  inbox TEXT REFERENCES inbox (key),
  at TEXT NOT NULL
) STRICT;

CREATE INDEX events_draft ON events (draft_id, id);

CREATE INDEX events_unit ON events (unit_id, id);

CREATE TABLE seals (
  id INTEGER PRIMARY KEY,
  history_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  hash TEXT NOT NULL,
  at TEXT NOT NULL
) STRICT;

CREATE TRIGGER history_stays BEFORE UPDATE ON history
  BEGIN SELECT raise(ABORT, 'history is append-only'); END;

CREATE TRIGGER history_remains BEFORE DELETE ON history
  BEGIN SELECT raise(ABORT, 'history is append-only'); END;

CREATE TRIGGER events_stay BEFORE UPDATE ON events
  BEGIN SELECT raise(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_remain BEFORE DELETE ON events
  BEGIN SELECT raise(ABORT, 'events are append-only'); END;

CREATE TRIGGER versions_stay BEFORE UPDATE ON versions
  BEGIN SELECT raise(ABORT, 'versions are frozen'); END;

CREATE TRIGGER versions_remain BEFORE DELETE ON versions
  BEGIN SELECT raise(ABORT, 'versions are frozen'); END;

CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions
  BEGIN SELECT raise(ABORT, 'decisions are append-only'); END;

CREATE TRIGGER seals_stay BEFORE UPDATE ON seals
  BEGIN SELECT raise(ABORT, 'seals are append-only'); END
"""
