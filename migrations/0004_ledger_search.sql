-- What the search over all ledgers reads (LEDGER-4). One row an intervention, access or refusal, kept by a trigger of the
-- mirror, so that no writer can forget it. It proves nothing by itself: what a search finds is told by the ledger's own rows.
CREATE TABLE ledger_stories (
	town TEXT NOT NULL,
	id TEXT NOT NULL,
	n INTEGER NOT NULL,
	at INTEGER NOT NULL,
	admin_id TEXT NOT NULL,
	admin_email TEXT NOT NULL COLLATE NOCASE,
	admin_name TEXT NOT NULL COLLATE NOCASE,
	action TEXT NOT NULL,
	target TEXT NOT NULL,
	target_name TEXT NOT NULL COLLATE NOCASE,
	outcome TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (town, id)
) WITHOUT ROWID;
CREATE INDEX ledger_stories_by_time ON ledger_stories (at, town, n);
CREATE INDEX ledger_stories_by_town ON ledger_stories (town, at, n);
CREATE INDEX ledger_stories_by_admin_id ON ledger_stories (admin_id, at, town, n);
CREATE INDEX ledger_stories_by_admin_email ON ledger_stories (admin_email, at, town, n);
CREATE INDEX ledger_stories_by_admin_name ON ledger_stories (admin_name, at, town, n);
CREATE INDEX ledger_stories_by_action ON ledger_stories (action, at, town, n);
CREATE INDEX ledger_stories_by_target ON ledger_stories (target, at, town, n);
CREATE INDEX ledger_stories_by_target_name ON ledger_stories (target_name, at, town, n);
CREATE INDEX ledger_stories_by_outcome ON ledger_stories (outcome, at, town, n);

-- Whose town it is, so that the ledger of a user is found when the town is no more.
CREATE TABLE ledger_towns (
	town TEXT PRIMARY KEY,
	name TEXT NOT NULL COLLATE NOCASE,
	owner_type TEXT NOT NULL,
	owner_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ledger_towns_by_name ON ledger_towns (name);
CREATE INDEX ledger_towns_by_owner ON ledger_towns (owner_type, owner_id);

-- What one row says of its intervention; shared/ledger/fold.ts says the same of its state.
CREATE VIEW ledger_steps AS
SELECT
	town, id, n, at, step,
	COALESCE(json_extract(admin, '$.id'), '') AS admin_id,
	COALESCE(json_extract(admin, '$.email'), '') AS admin_email,
	COALESCE(json_extract(admin, '$.name'), '') AS admin_name,
	IIF(step = 'intent', COALESCE(json_extract(body, '$.name'), step), step) AS action,
	COALESCE(json_extract(body, '$.target'), '') AS target,
	COALESCE(json_extract(body, '$.target_name'), '') AS target_name,
	IIF(step IN ('intent', 'started'), IIF(json_extract(body, '$.due') IS NULL, 'sent', 'armed'),
		IIF(step = 'outcome', COALESCE(json_extract(body, '$.outcome'), step),
			IIF(step = 'proof', IIF(json_extract(body, '$.seen'), 'seen', 'not_seen'),
				IIF(step = 'cleared', IIF(json_extract(body, '$.cleared'), 'cleared', 'came_back'), step)))) AS outcome,
	concat_ws(char(10), json_extract(admin, '$.name'), json_extract(admin, '$.email'), json_extract(body, '$.name'),
		json_extract(body, '$.target'), json_extract(body, '$.target_name'), json_extract(body, '$.reason'),
		json_extract(body, '$.case'), json_extract(body, '$.finding.sentence'), json_extract(body, '$.what'),
		json_extract(body, '$.message')) AS words
FROM ledger;

CREATE TRIGGER ledger_story AFTER INSERT ON ledger
BEGIN
	INSERT INTO ledger_stories
	SELECT town, id, n, at, admin_id, admin_email, admin_name, action, target, target_name, outcome, words
	FROM ledger_steps WHERE town = NEW.town AND n = NEW.n
	ON CONFLICT (town, id) DO UPDATE SET
		outcome = IIF(outcome = 'cancelled' OR (excluded.outcome = 'sent' AND outcome <> 'armed'), outcome, excluded.outcome),
		words = IIF(instr(words, excluded.words) > 0, words, concat_ws(char(10), words, excluded.words));
END;

INSERT INTO ledger_stories
SELECT town, id, n, at, admin_id, admin_email, admin_name, action, target, target_name, outcome, words
FROM ledger_steps WHERE true ORDER BY town, n
ON CONFLICT (town, id) DO UPDATE SET
	outcome = IIF(outcome = 'cancelled' OR (excluded.outcome = 'sent' AND outcome <> 'armed'), outcome, excluded.outcome),
	words = IIF(instr(words, excluded.words) > 0, words, concat_ws(char(10), words, excluded.words));

CREATE TRIGGER ledger_stories_no_delete BEFORE DELETE ON ledger_stories
BEGIN SELECT RAISE(ABORT, 'ledger: a story is never deleted'); END;

CREATE TRIGGER ledger_stories_same BEFORE UPDATE ON ledger_stories
WHEN (NEW.town, NEW.id, NEW.n, NEW.at, NEW.admin_id, NEW.action, NEW.target)
	IS NOT (OLD.town, OLD.id, OLD.n, OLD.at, OLD.admin_id, OLD.action, OLD.target)
BEGIN SELECT RAISE(ABORT, 'ledger: a story goes on, it does not change'); END;

CREATE TRIGGER ledger_stories_of_rows BEFORE INSERT ON ledger_stories
WHEN NOT EXISTS (SELECT 1 FROM ledger WHERE town = NEW.town AND n = NEW.n AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'ledger: a story without its row'); END;
