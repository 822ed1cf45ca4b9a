// Package schemas owns the data that ships inside the program: one JSON Schema
// per kind of file, the pathways, and the dated code lists of the census.
//
// It hands out bytes and reads none of them: pathway and recordfile do. The
// schemas keep to a small set of keywords, which a test holds, because our own
// checker walks YAML nodes by them; the same files serve editors. Names and
// thresholds of the domain are changed here, never in Go code.
package schemas
