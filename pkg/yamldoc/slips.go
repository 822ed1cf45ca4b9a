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
	for at := 0; at < len(s.text) && at < s.at4; {
		from, line := s.lineAt(at)
		in := from - s.at.lineStart(from)
		value := from + valueStart(line)
		if value == from {
			for value < len(s.text) && (s.text[value] == '-' || s.text[value] == ' ') {
				value++
			}
		} else { // the keys of an item stand further in than its dash
			in += len(line) - len(bytes.TrimLeft(line, "- "))
		}
		next := s.at.nextLine(at)
		for _, open := range s.quotesFrom(value, next) {
			close := closing(s.text, open)
			for l := s.at.nextLine(open); l < close && l > open; l = s.at.nextLine(l) {
				begin, rest := s.lineAt(l)
				if len(bytes.TrimSpace(rest)) > 0 && begin-s.at.lineStart(begin) <= in && open < s.at4 {
					s.openQuote(open)
					return true
				}
				next = s.at.nextLine(l)
				if next <= l {
					break
				}
			}
		}
		if next <= at {
			return false
		}
		at = next
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
	for at := 0; at <= end; {
		from, line := s.lineAt(at)
		value := from + valueStart(line)
		if value == from {
			for value < len(s.text) && (s.text[value] == '-' || s.text[value] == ' ') {
				value++
			}
		}
		next := s.at.nextLine(at)
		for _, i := range s.quotesFrom(value, next) {
			close := closing(s.text, i)
			if close == end {
				return i
			}
			if close > end {
				return -1
			}
			next = max(next, s.at.nextLine(close))
		}
		if next <= at {
			return -1
		}
		at = next
	}
	return -1
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
