// purpose: Entities by type.
// returns: nothing
// :param {}
CREATE INDEX entity_type IF NOT EXISTS
FOR (n:Entity) ON (n.type)
