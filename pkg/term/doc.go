// Package term owns the terminal: the three streams, colour, width, tables,
// progress, the editor, and the prompter that asks one question at a time.
//
// Talk goes to Err and data to Out. Nothing is said by colour, by a glyph or by
// a moved cursor alone, so that a screen reader, a pipe and a dumb terminal get
// the same words. It must not know what a question is for: the questions come
// from form and the answers go back to the caller, and cli puts the two together.
package term
