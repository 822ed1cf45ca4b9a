package yamldoc

import "bytes"

// quotedBefore tells of a quote that ends too early or too late: the library
// stops behind the closing quote, be it an apostrophe within the text or the
// first quote of a later line.
func (s *slip) quotedBefore() bool {
	stop := min(s.at4, len(s.text))
	before := bytes.TrimRight(s.text[:stop], " ")
	if len(before) == 0 || before[len(before)-1] != '"' && before[len(before)-1] != '\'' {
		return false
	}
	q := before[len(before)-1]
	open := s.opening(len(before) - 1)
	if open < 0 {
		return false
	}
	switch {
	case s.at.lineOf(open) != s.at.lineOf(stop):
		s.openQuote(open)
	case q == '\'':
		s.fault(open, "the apostrophe ends the text in single quotes", `put the text in double quotes: "…"`)
		s.repairQuoted(open, q)
	default:
		s.fault(open, "the text goes on after its closing quote", `put the whole text in double quotes, and \" for a quote within it`)
		s.repairQuoted(open, q)
	}
	return true
}

// runaway tells of a quote that nobody closed, and that was closed by the next one of its
// kind, be it a hundred lines on: between the two is a line that does not stand further in
// than the one with the quote, as a line of the same text must.
func (s *slip) runaway() bool {
	for open, in := range s.openings {
		if open >= s.at4 {
			break
		}
		close := closing(s.text, open)
		for at := s.at.nextLine(open); at < close; at = s.at.nextLine(at) {
			if further, blank := s.further(at, in); !further && !blank {
				s.openQuote(open)
				return true
			}
		}
	}
	return false
}

// repairQuoted gives the finding the line with the text put in double quotes
// that runs from open to the last quote of the line, or to its end.
func (s *slip) repairQuoted(open int, q byte) {
	end := s.at.lineEnd(open)
	if last := bytes.LastIndexByte(s.text[open:end], q); last > 0 && len(bytes.TrimSpace(s.text[open+last+1:end])) == 0 {
		s.list[len(s.list)-1].Value = s.around(open, end, string(s.text[open+1:open+last]))
		return
	}
	s.list[len(s.list)-1].Value = s.around(open, end, string(s.text[open:end]))
}

// around is the line of start with what is between start and end replaced by
// words in double quotes.
func (s *slip) around(start, end int, words string) string {
	from, _ := s.lineAt(start)
	return string(s.text[from:start]) + doubleQuoted(words) + string(s.text[end:s.at.lineEnd(end)])
}

// opening finds where the quoted text that ends with the quote at end begins,
// reading the file line by line as values begin; -1 when it cannot be told.
func (s *slip) opening(end int) int {
	for open := range s.openings {
		if close := closing(s.text, open); close == end {
			return open
		} else if close > end {
			break
		}
	}
	return -1
}

// openings visits the quotes that open a text, line by line as values begin, with how far in
// the entry stands that each is of. In a text of several lines quotes open nothing.
func (s *slip) openings(visit func(open, in int) bool) {
	before := byte(':') // what the line before ends with: a value may begin behind it
	for at := 0; at < len(s.text); {
		from, line := s.lineAt(at)
		next := s.at.nextLine(at)
		in, value := from-s.at.lineStart(from), from+valueStart(line)
		if value > from { // the keys of an item stand further in than its dash
			in += len(line) - len(bytes.TrimLeft(line, "- "))
		} else {
			value = from + len(line) - len(bytes.TrimLeft(line, "- "))
		}
		switch {
		case len(line) > 0 && line[0] == '#':
			at = next
			continue
		case value == from && bytes.IndexByte([]byte(":,[{"), before) < 0:
		case blockHeader(s.text[value:s.at.lineEnd(value)]):
			for next < len(s.text) {
				if further, blank := s.further(next, in); !further && !blank {
					break
				}
				next = s.at.nextLine(next)
			}
		default:
			for _, open := range s.quotesFrom(value, next) {
				if !visit(open, in) {
					return
				}
				next = max(next, s.at.nextLine(closing(s.text, open)))
			}
		}
		if text := bytes.TrimRight(s.text[at:next], " \r\n"); len(text) > 0 {
			before = text[len(text)-1]
		}
		at = next
	}
}

// further reports whether the line at an offset stands further in than so many spaces, or
// holds nothing.
func (s *slip) further(at, in int) (further, blank bool) {
	from, line := s.lineAt(at)
	return from-s.at.lineStart(from) > in, len(bytes.TrimSpace(line)) == 0
}

// blockHeader reports whether a value is the | or > that begins a text on the lines below.
func blockHeader(value []byte) bool {
	if len(value) == 0 || value[0] != '|' && value[0] != '>' {
		return false
	}
	rest := bytes.TrimLeft(value[1:], "+-123456789")
	return len(rest) == 0 || rest[0] == ' ' || rest[0] == '\r'
}

// quotesFrom gives the offsets of the quotes that open a text on the line from
// value to next: at its beginning, and behind commas and brackets.
func (s *slip) quotesFrom(value, next int) []int {
	var out []int
	if value >= len(s.text) || value >= next {
		return nil
	}
	switch s.text[value] {
	case '"', '\'':
		return []int{value}
	case '[', '{':
	default:
		return nil
	}
	for i := value; i < next; i++ {
		c := s.text[i]
		if c != '"' && c != '\'' {
			continue
		}
		if prev := bytes.TrimRight(s.text[value:i], " "); len(prev) > 0 && (isFlowMark(prev[len(prev)-1]) || prev[len(prev)-1] == ':') {
			out = append(out, i)
			i = max(i, closing(s.text, i))
		}
	}
	return out
}

// closing is the offset of the quote that closes the one at open; the end of the
// text when none does.
func closing(text []byte, open int) int {
	q := text[open]
	for i := open + 1; i < len(text); i++ {
		switch {
		case q == '"' && text[i] == '\\':
			i++
		case text[i] == q && q == '\'' && i+1 < len(text) && text[i+1] == q:
			i++
		case text[i] == q:
			return i
		}
	}
	return len(text)
}

// inBrackets is for what the library could not read within brackets or braces:
// unclosed ones, bare text with a colon, a missing comma.
func (s *slip) inBrackets() {
	open := s.from
	if open < 0 {
		open = s.opener()
	}
	if s.quotedBefore() {
		return
	}
	closer := "]"
	if open < len(s.text) && s.text[open] == '{' {
		closer = "}"
	}
	sameLine := s.at.lineOf(open) == s.at.lineOf(min(s.at4, len(s.text)))
	if !sameLine {
		indent, line := s.lineAt(s.at4)
		outer, _ := s.lineAt(open)
		further := indent-s.at.lineStart(indent) > outer-s.at.lineStart(outer)
		if s.at4 >= len(s.text) || !further && !bytes.HasPrefix(line, []byte("]")) && !bytes.HasPrefix(line, []byte("}")) {
			s.fault(open, "the "+string(s.text[open])+" opened here is never closed", "close it with "+closer)
			return
		}
	}
	start, end := s.flowText(open)
	first, _ := s.lineAt(s.at4)
	if start >= 0 && (sameLine || start > first) && (s.at4 < len(s.text) && s.text[s.at4] == ':' || bytes.Contains(s.text[start:end], []byte("? "))) {
		s.lost(start, end, "bare text with a colon or a question mark, in brackets or braces", "put the text in double quotes")
		return
	}
	if !sameLine {
		s.fault(first, "a comma is missing before this", "separate what stands in brackets or braces by commas")
		return
	}
	s.fault(s.at4, "a comma or "+closer+" was expected here", "put text in double quotes, and close what is opened")
}

// opener is the last bracket or brace before the place of the error.
func (s *slip) opener() int {
	if i := bytes.LastIndexAny(s.text[:min(s.at4, len(s.text))], "[{"); i >= 0 {
		return i
	}
	return 0
}

// flowText is the bare text round the place of the error: from the last comma,
// bracket or key to the next comma or bracket of its line.
func (s *slip) flowText(open int) (start, end int) {
	stop := min(s.at4, len(s.text))
	start = max(open, s.at.lineStart(stop))
	for i := start; i < stop; i++ {
		if isFlowMark(s.text[i]) {
			start = i + 1
		}
	}
	if i := bytes.Index(s.text[start:stop], []byte(": ")); i >= 0 {
		start += i + 2
	}
	for start < stop && s.text[start] == ' ' {
		start++
	}
	end = stop
	for end < s.at.lineEnd(stop) && !isFlowMark(s.text[end]) {
		end++
	}
	end = start + len(bytes.TrimRight(s.text[start:max(start, end)], " "))
	if start >= end {
		return -1, -1
	}
	return start, end
}
