package term

// Bold makes text stand out.
func (s *Streams) Bold(text string) string { return s.style("\x1b[1m", "\x1b[22m", text) }

// Dim makes text step back.
func (s *Streams) Dim(text string) string { return s.style("\x1b[2m", "\x1b[22m", text) }

// Good colours text that says something is in order. The words must say so too.
func (s *Streams) Good(text string) string { return s.style("\x1b[32m", "\x1b[39m", text) }

// Warn colours text that needs attention. The words must say so too. It is bold
// red and not yellow, which cannot be read on a white ground.
func (s *Streams) Warn(text string) string { return s.style("\x1b[1;31m", "\x1b[22;39m", text) }

// style adds nothing without colour. Each style is ended by its own opposite and
// not by a general reset, so that styles can be nested.
func (s *Streams) style(on, off, text string) string {
	if !s.Color || s.Accessible || text == "" {
		return text
	}
	return on + text + off
}
