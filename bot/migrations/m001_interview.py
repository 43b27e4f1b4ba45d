"""Units and people, drafts with their answers and history, inbox, outbox and documents."""

from __future__ import annotations

SQL = """
CREATE TABLE units (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  level TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL DEFAULT '',
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  id INTEGER PRIMARY KEY,
  unit_id INTEGER NOT NULL REFERENCES units (id),
  year INTEGER NOT NULL,
  form TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (unit_id, year)
) STRICT;

CREATE TABLE chats (
  address TEXT PRIMARY KEY,
  person_id INTEGER NOT NULL REFERENCES people (id),
  draft_id INTEGER NOT NULL REFERENCES drafts (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE seats (
  address TEXT NOT NULL REFERENCES chats (address),
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  position TEXT NOT NULL,
  PRIMARY KEY (address, draft_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
  hash TEXT PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  used_at TEXT,
  used_by INTEGER REFERENCES people (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  item TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('count', 'money', 'text')),
  value TEXT,
  source TEXT NOT NULL,
  PRIMARY KEY (draft_id, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  key TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  message TEXT NOT NULL,
  draft_id INTEGER REFERENCES drafts (id),
  question TEXT NOT NULL,
  received_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX inbox_message ON inbox (address, message);

CREATE TABLE history (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  item TEXT NOT NULL,
  old TEXT,
  new TEXT,
  person_id INTEGER NOT NULL REFERENCES people (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  undoes TEXT,
  at TEXT NOT NULL
) STRICT;

CREATE INDEX history_draft ON history (draft_id, id);

CREATE INDEX history_item ON history (draft_id, item);

CREATE TABLE documents (
  id INTEGER PRIMARY KEY,
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  format TEXT NOT NULL,
  report TEXT NOT NULL,
  name TEXT,
  content BLOB,
  sha256 TEXT,
  error TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  body TEXT NOT NULL,
  draft_id INTEGER REFERENCES drafts (id),
  question TEXT NOT NULL,
  buttons INTEGER NOT NULL,
  document_id INTEGER REFERENCES documents (id),
  queued_at TEXT NOT NULL,
  sent_at TEXT,
  message TEXT,
  error TEXT
) STRICT;

CREATE INDEX outbox_unsent ON outbox (id) WHERE sent_at IS NULL;

CREATE INDEX outbox_message ON outbox (address, message)
"""
