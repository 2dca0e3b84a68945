-- Indexes that the console's reads want. Each is built beside the traffic; run them one by one, outside a transaction.

-- Sign-in by email, and the order of every list: who holds a common text is found by reading on until there are enough.
CREATE INDEX CONCURRENTLY IF NOT EXISTS kilocode_users_for_townwatch ON kilocode_users (lower(google_user_email) COLLATE "C", id COLLATE "C");

-- Part of an email, a name or an id. Without pg_trgm a rare text costs a read of the whole table; all else stays as fast.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX CONCURRENTLY IF NOT EXISTS kilocode_users_by_part ON kilocode_users USING gin (lower(google_user_email) gin_trgm_ops, lower(google_user_name) gin_trgm_ops, lower(id) gin_trgm_ops);

-- Gastown has this one already, as IDX_organization_memberships_user_id.
CREATE INDEX CONCURRENTLY IF NOT EXISTS organization_memberships_by_user ON organization_memberships (kilo_user_id);

ANALYZE kilocode_users;
