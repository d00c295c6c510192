-- What each role may do with the journal's tables. Run it as their owner after every "mcptt journal migrate"; again does no harm.
--   psql -U mcptt_owner -d mcptt -f ops/postgres/grants.sql

-- The server can add to history. It cannot change or remove any of it: whoever takes the server over cannot either.
GRANT SELECT, INSERT ON journal, tags TO mcptt;
GRANT SELECT, INSERT, UPDATE, DELETE ON snapshot, live TO mcptt;
GRANT SELECT, USAGE ON SEQUENCE journal_ordering_seq TO mcptt;
GRANT SELECT ON journal_schema TO mcptt;

-- Nodes that form a cluster: who lives, and who owns which shard.
GRANT SELECT, INSERT, UPDATE, DELETE ON node TO mcptt;
GRANT SELECT, INSERT, UPDATE ON shard TO mcptt;
GRANT USAGE ON SEQUENCE node_instance TO mcptt;

-- Only where ended calls are moved into archive files: that removes rows of sealed histories.
-- GRANT DELETE ON journal, tags TO mcptt;

GRANT SELECT ON journal, tags, snapshot, live, journal_schema TO mcptt_audit;
GRANT SELECT ON SEQUENCE journal_ordering_seq TO mcptt_audit;
