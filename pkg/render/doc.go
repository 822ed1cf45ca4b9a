// Package render lays views out for a reader: today as lines of plain text for a
// terminal. It decides what is said and in which order; wrapping, colour and the
// terminal itself are term's. Pure: views in, lines out.
package render
