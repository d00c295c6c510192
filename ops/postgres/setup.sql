-- Roles and database of an MCPTT journal. Run it once as a superuser; afterwards set the passwords (\password) or use certificates:
--   psql -f ops/postgres/setup.sql
-- then, as mcptt_owner:
--   mcptt journal migrate --set data.journal=postgres://mcptt_owner@HOST/mcptt --set data.journalPasswordFile=owner.password
--   psql -U mcptt_owner -d mcptt -f ops/postgres/grants.sql

CREATE ROLE mcptt_owner LOGIN;  -- owns the tables and migrates them
CREATE ROLE mcptt LOGIN;        -- the server: appends events, never changes or deletes one
CREATE ROLE mcptt_audit LOGIN;  -- auditors: read only

CREATE DATABASE mcptt OWNER mcptt_owner ENCODING 'UTF8' TEMPLATE template0;

\connect mcptt
REVOKE ALL ON DATABASE mcptt FROM PUBLIC;
GRANT CONNECT ON DATABASE mcptt TO mcptt, mcptt_audit;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO mcptt_owner;
GRANT USAGE ON SCHEMA public TO mcptt, mcptt_audit;
