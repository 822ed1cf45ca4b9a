// Package folder reads a record folder over an fs.FS, be it a disk, a commit or
// a browser's memory: finds learners, loads their files, resolves what a person
// typed to one learner, and lays corrections over what they correct.
//
// It writes nothing and runs nothing. Files that hold faults are still given,
// with their findings beside them; callers decide what a fault stops.
package folder
