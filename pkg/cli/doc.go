// Package cli is the command line: the environment, the root command, the exit
// codes, and one file per command. Commands are thin: they read flags, ask,
// call casework or read a view, and print.
//
// The contract with people and scripts: data goes to stdout, talk to stderr;
// tables are aligned on a terminal and tab-separated when piped; every question
// has a flag; exit codes are those of exit.go and mean the same everywhere.
package cli
