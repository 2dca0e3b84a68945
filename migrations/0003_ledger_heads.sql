-- A head only ever goes forward, by whichever statement: INSERT OR REPLACE passes the guards of UPDATE and DELETE, and a
-- head of the same place with another hash would be another ledger.
CREATE TRIGGER ledger_heads_insert BEFORE INSERT ON ledger_heads
WHEN EXISTS (
	SELECT 1 FROM ledger_heads
	WHERE town = NEW.town AND (n > NEW.n OR (n = NEW.n AND hash IS NOT NEW.hash))
)
BEGIN SELECT RAISE(ABORT, 'ledger: a head never goes back'); END;

DROP TRIGGER ledger_heads_forward;
CREATE TRIGGER ledger_heads_forward BEFORE UPDATE ON ledger_heads
WHEN NEW.n < OLD.n OR NEW.town IS NOT OLD.town OR (NEW.n = OLD.n AND NEW.hash IS NOT OLD.hash)
BEGIN SELECT RAISE(ABORT, 'ledger: a head never goes back'); END;
