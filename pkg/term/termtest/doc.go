// Package termtest owns a real pseudo-terminal for tests: a program, or a prompter,
// is put on it and talked to as a person would, prompt by prompt. It is for tests
// alone, and for Linux alone: lines, limits and echo are the kernel's own.
//
// A whole command is put on one with Command. Answers must not all be written at
// once: what arrives together at a question for text is taken as one paste.
package termtest
