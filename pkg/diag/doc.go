// Package diag owns what a finding is: a place, a severity, what is wrong and
// what to do. Values only: printing lives in diagfmt, and nothing here knows a
// file system, a clock or YAML.
package diag
