// Package objects owns the reading of git's object store: loose objects, packs,
// alternates and the commit-graph, and cheap parsers of what they hold. It never
// writes, starts no process and knows nothing of refs, an index or records.
//
// It reads raw objects: replace refs and grafts are deliberately not followed,
// because a trail that can be redirected proves nothing. SHA-1 repositories
// only; the caller refuses sha256 ones (extensions.objectFormat) by name.
//
// Packs and their indexes are mapped on Unix and read in place; elsewhere they
// are read piece by piece. No index is ever loaded whole: a repository of a
// million objects opens as fast as one of ten. Nothing here trusts the bytes:
// damage is a *DamagedError, never a panic, and sizes are bounded before memory
// is asked for.
//
// Formats: git's gitformat-pack, gitformat-commit-graph, RFC 1950 and RFC 1951.
// Its caller is pkg/trail.
package objects
