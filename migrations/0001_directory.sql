-- The columns of Gastown's `kilocode_users` that the console needs, and who belongs to which organisation. Ids are texts
-- that may hold `/` and `:`.
CREATE TABLE kilocode_users (
	id TEXT PRIMARY KEY,
	email TEXT NOT NULL,
	name TEXT NOT NULL,
	is_admin INTEGER NOT NULL DEFAULT 0,
	blocked_at TEXT,
	blocked_reason TEXT,
	created_at TEXT NOT NULL
);
CREATE UNIQUE INDEX kilocode_users_by_email ON kilocode_users (lower(email));

CREATE TABLE organizations (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL
);

CREATE TABLE organization_memberships (
	user_id TEXT NOT NULL REFERENCES kilocode_users (id),
	organization_id TEXT NOT NULL REFERENCES organizations (id),
	role TEXT NOT NULL,
	PRIMARY KEY (user_id, organization_id)
);
CREATE INDEX organization_memberships_by_organization ON organization_memberships (organization_id);
