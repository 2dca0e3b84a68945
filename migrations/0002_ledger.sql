-- Mirror of every town's ledger (LEDGER-13): it outlives the town, under the same triggers as the ledger itself.
CREATE TABLE ledger (
	town TEXT NOT NULL,
	n INTEGER NOT NULL,
	id TEXT NOT NULL,
	step TEXT NOT NULL,
	at INTEGER NOT NULL,
	admin TEXT,
	body TEXT NOT NULL,
	prev_hash TEXT NOT NULL,
	hash TEXT NOT NULL,
	PRIMARY KEY (town, n),
	UNIQUE (town, prev_hash)
) WITHOUT ROWID;
CREATE INDEX ledger_by_id ON ledger (id, n);
CREATE INDEX ledger_by_time ON ledger (at);

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: rows are never changed'); END;

CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: rows are never deleted'); END;

-- INSERT OR REPLACE passes the two above, so the place and the link are checked as well.
CREATE TRIGGER ledger_next BEFORE INSERT ON ledger
WHEN NEW.n IS NOT (SELECT COALESCE(MAX(n), 0) + 1 FROM ledger WHERE town = NEW.town)
	OR (NEW.n > 1 AND NEW.prev_hash IS NOT (SELECT hash FROM ledger WHERE town = NEW.town AND n = NEW.n - 1))
BEGIN SELECT RAISE(ABORT, 'ledger: not the next row'); END;

-- Where each town's ledger ended when it was last mirrored, so that a tail cut off on either side shows.
CREATE TABLE ledger_heads (
	town TEXT PRIMARY KEY,
	n INTEGER NOT NULL,
	hash TEXT NOT NULL,
	at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER ledger_heads_forward BEFORE UPDATE ON ledger_heads WHEN NEW.n < OLD.n OR NEW.town IS NOT OLD.town
BEGIN SELECT RAISE(ABORT, 'ledger: a head never goes back'); END;

CREATE TRIGGER ledger_heads_no_delete BEFORE DELETE ON ledger_heads
BEGIN SELECT RAISE(ABORT, 'ledger: a head is never deleted'); END;
