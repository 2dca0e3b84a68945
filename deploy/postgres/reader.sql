-- The role that the console reads Gastown's directory by. It sees these columns alone, and can write nothing.
-- Give it a password of its own afterwards: ALTER ROLE townwatch_reader PASSWORD '…';
CREATE ROLE townwatch_reader LOGIN;
ALTER ROLE townwatch_reader SET default_transaction_read_only = on;
ALTER ROLE townwatch_reader SET statement_timeout = '5s';

-- Views, not rights on columns: with those Postgres plans without its statistics, and a common text takes seconds.
CREATE SCHEMA townwatch;
CREATE VIEW townwatch.kilocode_users AS SELECT id, google_user_email, google_user_name, is_admin, blocked_at, blocked_reason, created_at FROM public.kilocode_users;
CREATE VIEW townwatch.organizations AS SELECT id, name, deleted_at FROM public.organizations;
CREATE VIEW townwatch.organization_memberships AS SELECT organization_id, kilo_user_id, role FROM public.organization_memberships;
GRANT USAGE ON SCHEMA townwatch TO townwatch_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA townwatch TO townwatch_reader;
ALTER ROLE townwatch_reader SET search_path = townwatch;
