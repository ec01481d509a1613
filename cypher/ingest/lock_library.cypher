// purpose: Wait until no other transaction writes a video, and keep others waiting until the commit. Writers that share entities would otherwise meet in deadlocks, and a deletion could miss a mention being written.
// returns: nothing
// :param {}
MATCH (library:Library {name: 'default'})
SET library.name = library.name
