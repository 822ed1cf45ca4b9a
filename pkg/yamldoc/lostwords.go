package yamldoc

import (
	"bytes"
	"strings"

	"github.com/sendctl/sendctl/pkg/diag"
)

const lostWords = "yaml-lost-words"

// lost notes that the text from start to end is not read as its writer meant it.
// Value is the repaired line: it holds words, so neither message nor hint may.
func (f *faults) lost(start, end int, message, hint string) {
	fd := f.add(lostWords, start, end, message, hint)
	fd.Value = f.repaired(start, end)
}

// repaired gives the lines of start to end with the text between in double quotes.
func (f *faults) repaired(start, end int) string {
	words := strings.Join(strings.Fields(string(f.src[start:end])), " ")
	if f.at.lineEnd(end)-f.at.lineStart(start) > maxRepaired {
		return doubleQuoted(words)
	}
	return strings.TrimSpace(string(f.src[f.at.lineStart(start):start])) + gap(f.src, start) +
		doubleQuoted(words) + strings.TrimRight(string(f.src[end:f.at.lineEnd(end)]), " ")
}

// maxRepaired is how many bytes of lines a repaired line may have; of longer ones
// the text alone is given, or many faults of one long line would fill the memory.
const maxRepaired = 2000

// gap is a space when one stands before start.
func gap(src []byte, start int) string {
	if start > 0 && src[start-1] == ' ' {
		return " "
	}
	return ""
}

// flowTextFault is for bare text in brackets or braces that holds a colon or
// runs over a line end: readers cut such text in different places.
func (p *placer) flowTextFault(start, end int) {
	what := "bare text with a colon, in brackets or braces"
	if bytes.IndexByte(p.text[start:end], '\n') >= 0 {
		what = "bare text over several lines, in brackets or braces"
	}
	p.lost(start, end, what+": readers cut it in different places", "put the text in double quotes")
}

// hashFault is for "text #more": YAML takes #more for a comment and drops it.
func (p *placer) hashFault(n *Node, start, end int) {
	from := start
	if n.end() > n.start() {
		from = n.start()
	}
	to := from + len(bytes.TrimRight(p.text[from:end], " \t"))
	p.lost(from, to, "everything from the # on is taken for a comment and dropped",
		"put the text in double quotes; if it is a comment, put a space after the #")
}

// flowKeyFaults judges the keys without value of a map in braces: most often the
// second half of a text with a comma. One finding for a text, however many
// commas it has.
func (p *placer) flowKeyFaults(m *Node) {
	for i := 0; i < len(m.Pairs); i++ {
		pair := m.Pairs[i]
		if !pair.Value.empty() {
			continue
		}
		if !pair.bare() {
			p.add(lostWords, pair.Key.start(), pair.behind(), "a key with no value, in braces", "give it a value, or take the key out")
			continue
		}
		from, to := pair.Key.start(), pair.Key.end()
		if tightKey(pair.Key.Value) {
			p.dropLost(from)
			p.add(lostWords, from, to, "no space after the colon, in braces: this is read as a key without a value", "key, colon, space, value")
			continue
		}
		if i > 0 && m.Pairs[i-1].Value.Style == Plain && !m.Pairs[i-1].Value.empty() {
			from = m.Pairs[i-1].Value.start()
		}
		for i+1 < len(m.Pairs) && m.Pairs[i+1].bare() && !tightKey(m.Pairs[i+1].Key.Value) {
			i++
			to = m.Pairs[i].Key.end()
		}
		hint := "put the text in double quotes"
		if figuresOnly(p.text[from:to]) {
			hint = "a figure has a point, never a comma: 2.5 and 1250; text goes in double quotes"
		}
		p.lost(from, to, "a comma in bare text, in braces: what follows it is lost", hint)
	}
}

// tightKey reports whether a text is a key and its value without the space between.
func tightKey(v string) bool {
	key, value, ok := strings.Cut(v, ":")
	return ok && value != "" && !strings.HasPrefix(value, "/") && key != "" && isLetter(key[0]) && diag.ShowsKey(key)
}

// figuresOnly reports whether a text is a figure written with commas.
func figuresOnly(text []byte) bool { return len(bytes.Trim(text, "0123456789,. ")) == 0 }

// bare reports whether the pair is a key without colon.
func (pr Pair) bare() bool { return pr.behind() == pr.Key.end() && pr.Value.empty() }

// dropLost takes back the last finding of lost words that ends after off.
func (p *placer) dropLost(off int) {
	for i := len(p.list) - 1; i >= 0 && p.list[i].Span.End.Offset > off; i-- {
		if p.list[i].Rule == lostWords {
			p.list = append(p.list[:i], p.list[i+1:]...)
			return
		}
	}
}

// pairFault is for [a, b: c], where "b: c" becomes a map of its own.
func (p *placer) pairFault(it *Node) {
	p.dropLost(it.start())
	p.lost(it.start(), it.end(), "bare text with a colon, in brackets, is taken for a key and a value",
		"put the text in double quotes; a map in a list stands in braces: {key: value}")
}

// What is said of a line that is read as more of the text above, and was meant otherwise.
const (
	joinedItem = "this line is read as more of the text above, not as an item of a list"
	joinedKey  = "this line is read as more of the text above, not as a key"
)

// joinedFault judges the further lines of a bare text over several lines: one
// that looks like an item or a key was meant as one, but is read as more text.
func (p *placer) joinedFault(start, end int) {
	for at := p.at.nextLine(start); at < end; at = p.at.nextLine(at) {
		line := p.text[at:p.at.lineEnd(at)]
		from := at + len(line) - len(bytes.TrimLeft(line, " \t"))
		line = p.text[from:p.at.lineEnd(at)]
		n := 0
		for n < len(line) && isKeyByte(line[n]) {
			n++
		}
		switch {
		case len(line) > 0 && line[0] == '-':
			p.lost(from, from+1, joinedItem,
				"put a space after the dash, under the other dashes; or put the whole text in double quotes")
		case n > 0 && n < len(line) && line[n] == ':':
			p.lost(from, from+n+1, joinedKey,
				"put a space after the colon and begin the line under the other keys; or put the whole text in double quotes")
		default:
			continue
		}
		p.list[len(p.list)-1].Value = string(p.text[from:p.at.lineEnd(at)])
		return
	}
}

// bareKeyFault judges a bare key: every reader must take it for its text.
func (p *placer) bareKeyFault(key *Node) {
	tag, fault := classify(key.Value)
	switch {
	case fault == bareMerge && key.Value == "<<":
		p.add("yaml-merge", key.start(), key.end(), "a merge key", "write the keys themselves")
	case key.empty():
		p.add("yaml-key", key.start(), key.end(), "a value without a key", "write key, colon, space, value")
	case fault != bareFine || tag != Str:
		fd := p.add("yaml-bare-code", key.start(), key.end(), "some readers do not take this bare key for text", "put quotes round the key")
		if len(key.Value) <= maxShown && maySay(key.Value) {
			fd.Message = "some readers do not take the bare key " + key.Value + " for text"
			fd.Hint = "put quotes round it: " + doubleQuoted(key.Value) + ":"
		}
	}
}

// readAs says what some program takes a bare value for.
func readAs(v string) string {
	switch strings.ToLower(v) {
	case "n", "no", "off", "false":
		return "no"
	case "y", "yes", "on", "true":
		return "yes"
	case "null", "~":
		return "nothing"
	}
	if _, _, date := classifyDate(v); date {
		return "a date"
	}
	return "a number"
}

// maxShown is how long a bare token may be to stand in a message.
const maxShown = 8

// maySay reports whether a bare token may stand in a hint: a word of YAML's own, or a
// ratio. Anything else may be a birthday or the beginning of a number.
func maySay(v string) bool {
	if readAs(v) != "a number" && readAs(v) != "a date" {
		return true
	}
	adults, learners, ok := strings.Cut(v, ":")
	return ok && len(v) <= len("30:30") && strings.Trim(adults+learners, "0123456789") == ""
}

// valueFaults tags a bare value and judges it. key is nil for an item of a list.
func (p *placer) valueFaults(key, v *Node) {
	if v.Kind != Scalar || v.Style != Plain || v.empty() {
		return
	}
	tag, fault := classify(v.Value)
	v.Tag = tag
	var rule, message, hint string
	before := ""
	switch {
	case key == nil:
		before = "- "
	case key.Kind == Scalar && showable(key.Value):
		before = key.Value + ": "
	}
	switch fault {
	case bareFine:
		return
	case bareCode:
		rule, message = "yaml-bare-code", "some readers do not take this bare value for text"
		hint = "put quotes round it: " + before + `"…"`
		if len(v.Value) <= maxShown {
			message = "some programs read this bare value as " + readAs(v.Value) + ", not as text"
		}
		if maySay(v.Value) {
			hint = "put quotes round it: " + before + doubleQuoted(v.Value)
		}
		if tag == Null || strings.EqualFold(v.Value, "null") {
			message, hint = "this bare value means nothing", "leave the value out; or "+hint
			v.Tag = Null
		}
	case bareMerge:
		rule, message = "yaml-bare-code", "this bare value has a meaning of its own in YAML"
		hint = "put quotes round it: " + before + `"…"`
	case bareNoSuchDate:
		rule, message = "yaml-no-such-date", "there is no such day in the calendar"
		hint = "mend the date; text goes in double quotes: " + before + `"…"`
	case bareTimestamp:
		rule, message = "yaml-timestamp", "a date with a time, which readers turn into different things"
		hint = "write the day alone, as YYYY-MM-DD; text goes in double quotes: " + before + `"…"`
	case bareLongNumber:
		rule, message = "yaml-long-number", "a number of more than 15 digits, which some readers round"
		hint = "if it is a code, put quotes round it: " + before + `"…"`
	}
	if v.Tag != Null {
		v.Tag = Str
	}
	p.list = append(p.list, diag.Finding{
		Rule: rule, Severity: diag.Error, File: p.file, Path: p.shownPath(),
		Span: v.Span, Message: message, Hint: hint, Value: v.Value,
	})
}
