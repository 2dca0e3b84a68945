-- Gastown's tables (domain.md §4.5) as its own schema has them, with the columns that matter here and one that must stay unread.
CREATE TABLE kilocode_users (
	id text PRIMARY KEY,
	google_user_email text NOT NULL,
	google_user_name text NOT NULL,
	google_user_image_url text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL DEFAULT now(),
	is_admin boolean NOT NULL DEFAULT false,
	blocked_reason text,
	blocked_at timestamptz,
	api_token_pepper text
);
CREATE TABLE organizations (id uuid PRIMARY KEY, name text NOT NULL, deleted_at timestamptz);
CREATE TABLE organization_memberships (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	organization_id uuid NOT NULL,
	kilo_user_id text NOT NULL,
	role text NOT NULL,
	UNIQUE (organization_id, kilo_user_id)
);
