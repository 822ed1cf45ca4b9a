// Package recordfile turns the bytes of a record file into the types of
// pkg/learner and back. It owns the format versions, the shape every kind of
// file must have (read from schemas/), and the house style of what is written.
//
// It reads no disk: callers pass bytes and a path. A finding carries the path of
// the value it speaks of, so that one resolver turns it into a line and column.
package recordfile
