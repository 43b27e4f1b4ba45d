"""Files that people send, and reports of earlier years beside the drafts."""

from __future__ import annotations

SQL = """
CREATE TABLE uploads (
  id INTEGER PRIMARY KEY,
  address TEXT NOT NULL,
  draft_id INTEGER NOT NULL REFERENCES drafts (id),
  inbox TEXT NOT NULL REFERENCES inbox (key),
  name TEXT NOT NULL,
  handle TEXT NOT NULL,
  received_at TEXT NOT NULL,
  report TEXT,
  told_at TEXT
) STRICT;

CREATE INDEX uploads_waiting ON uploads (id) WHERE told_at IS NULL;

CREATE TABLE reports (
  unit_id INTEGER NOT NULL REFERENCES units (id),
  year INTEGER NOT NULL,
  report TEXT NOT NULL,
  source TEXT NOT NULL,
  inbox TEXT NOT NULL REFERENCES inbox (key),
  at TEXT NOT NULL,
  PRIMARY KEY (unit_id, year)
) STRICT, WITHOUT ROWID
"""
