// Package learner owns the plain types of the record: what a school writes
// about a learner, an adult and itself. One type per file kind, its fields in
// the order in which the file is written.
//
// It knows no file, no YAML library, no clock. The struct tags name the keys of
// the file: `yaml:"key"`, with ",always" where a zero value is still written.
// recordfile turns bytes into these types and back; schemas/ describes the same
// shape for editors, and a test holds the two equal.
package learner
