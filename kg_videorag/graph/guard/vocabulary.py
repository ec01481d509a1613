"""The words of Cypher that a reading statement may use; whatever is not here is refused.

Source: Neo4j's Cypher manual, chapters Clauses, Functions and Reserved keywords, of 5.26 and
2026.08. Left out on purpose: what writes, fetches, administers or ends other people's work;
functions that reach outside the graph (`file`, `linenumber`, `genai.*`, `ai.*`, `apoc.*`,
`graph.*`); and prefixes (`CYPHER`, `EXPLAIN`, `PROFILE`), which change how all else is read.
"""

from __future__ import annotations

WRITING = frozenset(
    "CREATE MERGE SET DELETE DETACH NODETACH REMOVE FOREACH INSERT DROP TRANSACTION TRANSACTIONS"
    " ALTER RENAME GRANT DENY REVOKE ENABLE DISABLE DRYRUN DEALLOCATE REALLOCATE".split()
)
FETCHING = frozenset({"LOAD"})
# Not even as names without quotes: `WITH as LOAD CSV ...` reads `as` as a variable.
OTHER = frozenset("SHOW TERMINATE USE USING FINISH CYPHER EXPLAIN PROFILE PERIODIC COMMIT".split())

BEGINNING = frozenset("MATCH OPTIONAL WITH UNWIND RETURN CALL".split())
# After these a name may stand.
_BEFORE_NAMES = (
    "MATCH WHERE WITH UNWIND RETURN BY SKIP OFFSET LIMIT DISTINCT CALL YIELD AS AND OR XOR NOT IN"
    " STARTS ENDS CONTAINS CASE WHEN THEN ELSE IS"
)
BEFORE_NAMES = frozenset(_BEFORE_NAMES.split())
KEYWORDS = BEFORE_NAMES | frozenset(
    "OPTIONAL ORDER UNION ALL ANY NONE SINGLE EXISTS COUNT COLLECT NULL TRUE FALSE END ASC"
    " ASCENDING DESC DESCENDING SHORTEST PATH PATHS GROUP GROUPS TYPED NORMALIZED NFC NFD NFKC NFKD"
    " INF INFINITY NAN".split()
)

PROCEDURES = frozenset(
    {
        "db.index.fulltext.querynodes",
        "db.index.vector.querynodes",
        "db.labels",
        "db.propertykeys",
        "db.relationshiptypes",
    }
)

FUNCTIONS = frozenset(
    """
    all any exists isempty none single
    char_length character_length coalesce elementid endnode head id last length nullif properties
    randomuuid size startnode timestamp toboolean tobooleanornull tofloat tofloatornull tointeger
    tointegerornull type valuetype
    avg collect count max min percentilecont percentiledisc stdev stdevp sum
    keys labels nodes range reduce relationships reverse tail tobooleanlist tofloatlist
    tointegerlist tostringlist
    abs ceil floor isnan rand round sign e exp log log10 sqrt
    acos asin atan atan2 cos cot degrees haversin pi radians sin tan cosh coth sinh tanh
    btrim left lower ltrim normalize replace right rtrim split substring tolower tostring
    tostringornull toupper trim upper
    date date.truncate datetime datetime.fromepoch datetime.fromepochmillis datetime.truncate
    duration duration.between duration.indays duration.inmonths duration.inseconds localdatetime
    localdatetime.truncate localtime localtime.truncate time time.truncate
    point point.distance point.withinbbox
    vector.similarity.cosine vector.similarity.euclidean
    shortestpath allshortestpaths
    """.split()
)
