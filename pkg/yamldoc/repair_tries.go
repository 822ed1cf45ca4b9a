package yamldoc

import (
	"fmt"
	"slices"
	"strings"
)

// small are the small repairs of one line, of which a person would try one.
func (s *search) small(line int) []repair {
	indent, body := s.body(line)
	if body == "" || body[0] == '#' || len(body) > mostLineBytes {
		return nil
	}
	if !strings.ContainsFunc(body, wordly) {
		return append(s.without(line), s.moves(line, indent, body)...)
	}
	out := s.moves(line, indent, body)
	out = append(out, s.marks(line, indent, body)...)
	return append(out, s.closers(line, indent, body)...)
}

func wordly(r rune) bool { return r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' || r > 0x7f }

// without leaves the line out.
func (s *search) without(line int) []repair {
	_, body := s.body(line)
	switch {
	case body == "" || body[0] == '#':
		return nil
	case strings.Trim(body, "=<>|") == "" && len(body) > 3:
		return []repair{{line: line, message: "git left this line where it could not put two versions together", hint: "delete it; look whether the lines round it say the same twice", rank: 9}}
	case !strings.ContainsFunc(body, wordly):
		return []repair{{line: line, message: "this line holds marks alone: neither a key with its value nor an item of a list", hint: "delete it", rank: 9}}
	}
	indent, _ := s.body(line)
	return []repair{{line: line, off: indent, message: "this line does not fit in here: without it the file can be read",
		hint: "write key, colon, space, value, begun under the keys it belongs with; dash, space, item in a list; delete it if it is left over", rank: 9}}
}

// moves begin the line where a line near it begins, or where one below it would.
func (s *search) moves(line, indent int, body string) []repair {
	var columns []int
	add := func(c int) {
		if c != indent && !slices.Contains(columns, c) {
			columns = append(columns, c)
		}
	}
	for _, step := range []int{-1, 1} {
		for l, seen := line+step, 0; l >= 0 && l < len(s.at.starts) && seen < 4; l += step {
			in, b := s.body(l)
			if b == "" || b[0] == '#' {
				continue
			}
			seen++
			add(in)
			if after, dash := strings.CutPrefix(b, "- "); dash {
				add(in + len(b) - len(strings.TrimLeft(after, " ")))
			}
			if seen == 1 && step < 0 {
				add(in + 2)
				if strings.HasPrefix(b, "- ") {
					add(in + 4)
				}
			}
			if seen == 1 && step > 0 && in >= 2 {
				add(in - 2)
			}
		}
	}
	var out []repair
	for i, c := range columns {
		r := repair{line: line, text: strings.Repeat(" ", c) + body, off: indent, rank: 2 + i}
		side, n := "left", c-indent
		if n < 0 {
			side, n = "right", -n
		}
		r.message = fmt.Sprintf("this line begins %s too far to the %s", spaces(n), side)
		r.hint = fmt.Sprintf("begin it at column %d", c+1)
		if l := s.like(line, c); l >= 0 {
			r.hint += fmt.Sprintf(", as line %d", l+1)
		}
		out = append(out, r)
	}
	return out
}

// like is the nearest line above or below that begins at column c; -1 for none.
func (s *search) like(line, c int) int {
	for d := 1; d < 8; d++ {
		for _, l := range []int{line - d, line + d} {
			if in, b := s.body(l); b != "" && in == c {
				return l
			}
		}
	}
	return -1
}

// marks put in the colon, space or dash that a line wants.
func (s *search) marks(line, indent int, body string) []repair {
	var out []repair
	pad := strings.Repeat(" ", indent)
	add := func(text string, off int, message, hint string, rank int) {
		out = append(out, repair{line: line, text: text, off: off, message: message, hint: hint, rank: rank})
	}
	rest := body
	for strings.HasPrefix(rest, "- ") {
		rest = strings.TrimLeft(rest[2:], " ")
	}
	lead := pad + body[:len(body)-len(rest)]
	n := 0
	for n < len(rest) && isKeyByte(rest[n]) {
		n++
	}
	switch {
	case n > 0 && n < len(rest)-1 && rest[n] == ':' && rest[n+1] != ' ':
		add(lead+rest[:n+1]+" "+rest[n+1:], len(lead)+n, "no space after the colon", "key, colon, space, value", 0)
	case n > 0 && n < len(rest) && rest[n] == ' ' || n > 0 && n == len(rest):
		add(lead+rest[:n]+":"+rest[n:], len(lead)+n, "no colon after the key", "key, colon, space, value", 1)
	}
	if v := valueStart([]byte(rest)); v > 0 && v < len(rest) && strings.IndexByte("[{|>", rest[v]) < 0 {
		const message, hint = "this text cannot stand without double quotes, or not in these", "put the whole text in double quotes, and \\\" for a quote within it"
		add(lead+rest[:v]+doubleQuoted(strings.Trim(rest[v:], `"'`)), len(lead)+v, message, hint, 3)
	} else if v == 0 && len(lead) > indent && rest != "" {
		add(lead+doubleQuoted(strings.Trim(rest, `"'`)), len(lead), "this text cannot stand without double quotes, or not in these", "put the whole text in double quotes, and \\\" for a quote within it", 3)
	}
	if i := strings.Index(rest, " :"); i > 0 && (i+2 == len(rest) || rest[i+2] != ' ') {
		add(lead+rest[:i]+": "+rest[i+2:], len(lead)+i, "the space stands before the colon, not after it", "key, colon, space, value", 1)
	}
	for i, tried := 1, 0; i < len(rest)-1 && tried < 6; i++ {
		if rest[i] == ':' && rest[i+1] != ' ' && isKeyByte(rest[i-1]) && i > n {
			tried++
			add(lead+rest[:i+1]+" "+rest[i+1:], len(lead)+i, "no space after the colon", "key, colon, space, value", 1)
		}
	}
	if len(body) > 1 && body[0] == '-' && body[1] != ' ' {
		add(pad+"- "+body[1:], indent, "no space after the dash", "dash, space, item", 0)
	}
	for _, bullet := range []string{"* ", "+ ", "• ", "– ", "— "} {
		if after, ok := strings.CutPrefix(body, bullet); ok {
			add(pad+"- "+after, indent, "no hyphen before this item of a list", "a list wants a plain hyphen and a space before each item: no bullet, and no longer dash", 0)
		}
	}
	if body[0] != '-' {
		for i, c := range s.dashes(line) {
			add(strings.Repeat(" ", c)+"- "+body, indent, "no dash before this item of a list", fmt.Sprintf("begin the line with a dash and a space, the dash at column %d", c+1), 1+i)
		}
	}
	return out
}

// dashes are the columns at which a line near begins with a dash, or at which this one
// would for the lines below to be its further keys.
func (s *search) dashes(line int) []int {
	var out []int
	add := func(c int) {
		if c >= 0 && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for _, step := range []int{1, -1} {
		for l, seen := line+step, 0; l >= 0 && l < len(s.at.starts) && seen < 12; l += step {
			in, b := s.body(l)
			if b == "" || b[0] == '#' {
				continue
			}
			if seen++; strings.HasPrefix(b, "-") {
				add(in)
				break
			}
			if seen == 1 && step > 0 {
				add(in - 2)
			}
		}
	}
	return out
}

// closers put in the bracket or quote that a line opens or closes alone, and take out a
// comma too many.
func (s *search) closers(line, indent int, body string) []repair {
	var out []repair
	pad := strings.Repeat(" ", indent)
	add := func(text string, off int, message, hint string) {
		out = append(out, repair{line: line, text: pad + text, off: indent + off, message: message, hint: hint})
	}
	if i := strings.Index(body, ",,"); i > 0 {
		add(body[:i]+body[i+1:], i+1, "a comma with nothing before it", "take the comma out")
	}
	for _, at := range []string{", ,", "[,", "{,"} {
		if i := strings.Index(body, at); i > 0 {
			add(body[:i+1]+body[i+len(at):], i+len(at)-1, "a comma with nothing before it", "take the comma out")
		}
	}
	words, note := body, "" // without the comment at the end
	if i := strings.Index(body, " #"); i > 0 {
		words, note = strings.TrimRight(body[:i], " "), body[len(strings.TrimRight(body[:i], " ")):]
	}
	var open []int
	quote := -1
	for i := 0; i < len(words); i++ {
		c := words[i]
		switch {
		case quote >= 0 && c == '\\' && words[quote] == '"':
			i++
		case quote >= 0:
			if c == words[quote] {
				quote = -1
			}
		case (c == '"' || c == '\'') && (i == 0 || strings.IndexByte(" [{,", words[i-1]) >= 0):
			quote = i
		case c == '[' || c == '{':
			open = append(open, i)
		case c == ']' || c == '}':
			if len(open) > 0 && words[open[len(open)-1]]+2 == c { // [ and ], { and } are two apart
				open = open[:len(open)-1]
				continue
			}
			want := string(c - 2)
			message, hint := "the "+string(c)+" closes nothing", "open it with "+want+" where the list begins, or take it out"
			if v := valueStart([]byte(words)); v > 0 && v < i {
				add(words[:v]+want+words[v:]+note, i, message, hint)
			}
			if strings.HasPrefix(words, "- ") {
				add("- "+want+words[2:]+note, i, message, hint)
			}
			add(words[:i]+words[i+1:]+note, i, message, hint)
			if len(open) > 0 {
				at := open[len(open)-1]
				closer := string(words[at] + 2)
				add(words[:i]+closer+words[i:]+note, at, "the "+words[at:at+1]+" opened here is never closed", "close it with "+closer)
			}
		}
	}
	if quote >= 0 {
		q := words[quote : quote+1]
		message, hint := "the "+q+" opened here is never closed", "close it at the end of the text; an apostrophe needs no quotes unless the text begins with one"
		add(words+q+note, quote, message, hint)
		add(strings.TrimRight(words, "]}")+q+words[len(strings.TrimRight(words, "]}")):]+note, quote, message, hint)
		add(words[:quote]+words[quote+1:]+note, quote, message, hint)
	}
	if len(open) > 0 {
		all := ""
		for _, at := range slices.Backward(open) {
			all += string(words[at] + 2)
		}
		at := open[0]
		add(words+all+note, at, "the "+words[at:at+1]+" opened here is never closed", "close it with "+string(words[at]+2))
		add(strings.TrimSuffix(words, ",")+all+note, at, "the "+words[at:at+1]+" opened here is never closed", "close it with "+string(words[at]+2))
	}
	return out
}
