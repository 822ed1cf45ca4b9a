// Package ids owns the ids of the record: random, saying nothing about a child,
// spelling no word, never read as a number by any YAML. It also checks the
// numbers others mint (UPN); it never mints one.
package ids
