// Package casework owns what people do with a record: from create, plan, note and
// review to undo, sync, handover, receive and purge. Each is an act, and every act goes through one
// transaction (see Desk.act): lock, read, edit in memory, prove, check, seal,
// write, commit; afterwards it is whole in file, seal and history, or nothing
// happened.
//
// It also owns the questions of each act (a form.Script) and what the answers
// become. It asks nobody anything itself and prints nothing: the command line does.
package casework
