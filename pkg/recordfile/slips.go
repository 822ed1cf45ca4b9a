package recordfile

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/yamldoc"
)

// What is said here is read by whoever typed the file. It says what to write, looks at
// what stands there to guess the slip, and repeats none of it.

const exampleDay = "2026-12-16"

// example is how a value of the shape is written, after its key, which may be "".
func (s *shape) example(key string) string {
	switch {
	case s == nil || len(s.Types) == 0:
		return "…"
	case s.Format == "date":
		return exampleDay
	case len(s.allowed) > 0 && s.quoted():
		return `"` + s.allowed[0] + `"`
	case len(s.allowed) > 0:
		return s.allowed[0]
	}
	if len(s.Examples) > 0 {
		if own, ok := s.Examples[0].(string); ok && s.Types[0] == "string" && (s.form == nil || s.form.matches(own)) {
			return own
		}
	}
	switch s.Types[0] {
	case "integer":
		return s.inRange("3", "1", "0")
	case "number":
		return s.inRange("2.5", "0.5")
	case "boolean":
		return "true"
	case "array":
		return "[" + s.Items.example(key) + "]"
	case "object":
		return "(its own keys, further in)"
	}
	words := patternWords[s.Pattern]
	if e := words.of[key]; e != "" {
		return e
	}
	if words.example != "" {
		return words.example
	}
	return `"…"`
}

// inRange gives the first of some numbers that the shape allows, else its least.
func (s *shape) inRange(numbers ...string) string {
	for _, n := range numbers {
		if !s.outOfRange(n) {
			return n
		}
	}
	if s.Minimum != nil {
		return strconv.FormatFloat(*s.Minimum, 'f', -1, 64)
	}
	return "…"
}

// quoted reports whether the words of a closed list need quotes in YAML.
func (s *shape) quoted() bool {
	return slices.ContainsFunc(s.allowed, func(a string) bool { return slices.Contains([]string{"N", "Y", "no", "yes", "on", "off"}, a) })
}

// formWords say of values of a certain form how they are written. What is a good example
// may hang on the key, where the schema itself gives none: a rule is no stage.
type formWords struct {
	message, example string
	of               map[string]string // by key
}

var patternWords = map[string]formWords{
	`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`:                       {"this is not a date", exampleDay, nil},
	`^[a-z][a-z0-9-]{0,31}$`:                             {"this is not the short id of a person: small letters, figures and hyphens, never a name", "eyre", map[string]string{"consent": "mum", "given_by": "mum"}},
	`^[bcdfghjkmnpqrstvwxz][bcdfghjkmnpqrstvwxz2-9]{7}$`: {"this is not a learner's id: eight letters and figures, the same as the name of the learner's folder", "bk7m2xqt", nil},
	`^[bcdfghjkmnpqrstvwxz][bcdfghjkmnpqrstvwxz2-9]{3}$`: {"this is not the id of a file or an entry: four letters and figures, without vowels, 0 and 1", "k4f7", nil},
	`^[a-z][a-z0-9-]{0,47}$`: {"this is not a short code: small letters, figures and hyphens, no spaces", "", map[string]string{
		"from": "sen-support", "to": "sen-support-plan", "rule": "target-need", "file": "learner"}},
	`^[0-9]{4}$`:  {"this wants four figures, in quotes", `"0123"`, map[string]string{"cohort": `"2021"`}},
	`^[0-9]{3}$`:  {"this wants three figures, in quotes", `"929"`, nil},
	`^[0-9]{6}$`:  {"this wants six figures, in quotes", `"123456"`, nil},
	`^[0-9]{10}$`: {"this wants ten figures, in quotes", `"1000000019"`, nil},
	`^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$`: {"this is not a UPN: a capital letter, 11 figures, and a figure or capital letter, without I, O and S", "", nil},
	`^p[0-9]+$`:                            {"this is not the id of a provision: p1, p2 and so on", "p1", nil},
	`^t[0-9]+$`:                            {"this is not the id of a target: t1, t2 and so on", "t1", nil},
	`^r[0-9]+$`:                            {"this is not the id of a recommendation: r1, r2 and so on", "r1", nil},
	`^e[0-9]+$`:                            {"this is not the id of a piece of evidence: e1, e2 and so on", "e1", nil},
	`^o[0-9]+$`:                            {"this is not the id of an outcome: o1, o2 and so on", "o1", nil},
	`^a[0-9]+$`:                            {"this is not the id of an adjustment: a1, a2 and so on", "a1", nil},
	`^[a-z][a-z0-9-]{0,47}/[0-9]+$`:        {"this is not a pathway with its version", "northumberland/1", nil},
	`^[^@ ,;<>]+@[^@ ,;<>]+$`:              {"this is not an e-mail address", "eyre@school.example", nil},
	`^[^@ ,;<>]+@[^@ ,;<>]+[.][^@ ,;<>]+$`: {"this is not an e-mail address", "name@home.example", nil},
	`^[0-9]{1,2}:[0-9]{1,2}$`:              {"this is not a ratio: adults, a colon, learners, in quotes", `"1:4"`, nil},
	`^[0-9]{1,2}y([0-9]{1,2}m)?$`:          {"this is not an age in years and months", "6y10m", nil},
	`^[0-9]{1,4}(-[0-9]{1,4})?$`:           {"this is not a page, or pages from and to", `"3-5"`, nil},
	`^[a-z][a-z-]{1,31}$`:                  {"this wants one word in small letters", "grandmother", nil},
	`^[a-z][a-z0-9_]*(\[[0-9]+\])?(\.[a-z][a-z0-9_]*(\[[0-9]+\])?)*$`: {"this is not a place in a file", "review.targets[0].result", nil},
}

// illFormed says of a text what form it should have.
func (s *shape) illFormed(key, v string) (message, hint string) {
	words, ok := patternWords[s.Pattern]
	switch {
	case s.noControls && strings.ContainsAny(v, "\n\r") && !s.severalLines():
		return "this runs over several lines, and only one belongs here", "write it on one line"
	case s.noControls:
		return "this holds a character nobody can see", "delete it, and type the words again; an editor shows it when it shows invisible characters"
	case !ok:
		return "this is not written in the way it must be", s.About
	case s.example(strings.TrimSuffix(key, ": ")) == `"…"`:
		return words.message, s.About
	}
	return words.message, hints("write it like "+key+s.example(strings.TrimSuffix(key, ": ")), s.About)
}

// severalLines reports whether a text may run over lines.
func (s *shape) severalLines() bool { return s.form.matches("a\nb") }

// wrongType says what belongs here, and what to write in place of what is there.
func (c *checker) wrongType(n *yamldoc.Node, s *shape, path where) (message, hint string) {
	key := path.keyed()
	is := func(t string) bool { return slices.Contains(s.Types, t) }
	number := is("number") || is("integer")
	switch {
	case is("object") && n.Kind == yamldoc.List:
		return "this must be one group of keys, and is a list", "take out the dashes; its keys are: " + s.keys()
	case is("object"):
		return "this must be a group of keys, and is " + found(n), "write its keys on the lines below it, two spaces further in: " + s.keys()
	case is("array") && n.Kind == yamldoc.Map:
		return "this must be a list, and is a group of keys", "put a dash and a space before the first key of each entry"
	case is("array") && n.Kind == yamldoc.Scalar && notTheDash(n.Value):
		return "this must be a list, and is " + found(n), "a list wants a plain hyphen and a space before each entry: no bullet, and no longer dash"
	case is("array") && s.Items != nil && slices.Contains(s.Items.Types, "object"):
		return "this must be a list, and is " + found(n), "write each entry below it, after a dash, with its keys: " + s.Items.keys()
	case is("array"):
		return "this must be a list, and is " + found(n), "write each entry on a line of its own below it, after a dash and a space; a single one too"
	case n.Kind == yamldoc.List && len(n.Items) == 1:
		return "this must be " + s.expected() + ", and is a list", "take the dash or the brackets away: " + key + s.example(path.key)
	case n.Kind == yamldoc.List:
		return "this must be " + s.expected() + ", and is a list", "only one belongs here: " + key + s.example(path.key)
	case n.Kind == yamldoc.Map:
		return "this must be " + s.expected() + ", and is a group of keys", "one value belongs here: " + key + s.example(path.key) + "; text with a colon in it goes in double quotes"
	case is("boolean"):
		return "this must be true or false, and is " + found(n), "write true for yes and false for no, without quotes"
	case number && n.Tag == yamldoc.Float:
		return "this must be a whole number", "leave out the point and what follows it"
	case number:
		return "this must be " + s.expected() + ", and is " + found(n), hints(figureHint(n.Value, key+s.example(path.key)), s.About)
	case is("string") && s.Format == "date":
		return "this is not a date", dateHint(n.Value, key)
	}
	return "this must be " + s.expected() + ", and is " + found(n), "put double quotes round it: " + key + `"…"`
}

// keys lists the keys of a group, those it cannot do without first.
func (s *shape) keys() string {
	if s == nil {
		return ""
	}
	rest := slices.DeleteFunc(s.Properties.keys(), func(k string) bool { return slices.Contains(s.Required, k) })
	return strings.Join(slices.Concat(s.Required, rest), ", ")
}

// figureHint looks at what stands where a figure belongs.
func figureHint(v, like string) string {
	v = strings.TrimSpace(v)
	before, after, comma := strings.Cut(v, ",")
	figures := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	whole, fraction, point := strings.Cut(v, ".")
	upper := strings.ToLower(v)
	switch {
	case comma && figures(before) && figures(after) && len(after) == 3,
		comma && point && figures(strings.ReplaceAll(whole, ",", "")) && figures(fraction):
		return "write figures without a comma: 6000, not 6,000; and a point before a fraction: 2.5"
	case comma && figures(before) && figures(after):
		return "write a point and not a comma: 2.5, not 2,5"
	case strings.HasPrefix(v, "+") && figures(strings.Replace(v[1:], ".", "", 1)):
		return "leave the plus sign out"
	case strings.ContainsAny(v, "£$€%"):
		return "write the figure alone, without the sign: " + like
	case strings.Contains(v, "/") && figures(strings.ReplaceAll(v, "/", "")):
		return "write the figure reached here, and what it is out of under of, where there is such a key"
	case figures(strings.Replace(strings.TrimPrefix(v, "-"), ".", "", 1)):
		return "take the quotes away: a figure is counted with"
	case upper == "n/a" || upper == "na" || upper == "none" || upper == "unknown" || upper == "?" || upper == "tbc" || upper == "-":
		return "take the line out until the figure is known"
	case v != "" && v[0] >= '0' && v[0] <= '9':
		return "write the figure alone, without a unit or words: " + like
	}
	return "write a figure: " + like
}

// dateHint looks at what stands where a day belongs.
func dateHint(v, key string) string {
	const like = "year, month, day, with hyphens: "
	if tight := strings.ReplaceAll(v, " ", ""); tight != v && len(tight) == len(exampleDay) && tight[4] == '-' && tight[7] == '-' {
		return "take the spaces out: " + key + exampleDay
	}
	parts := strings.FieldsFunc(v, func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == ' ' })
	figures := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	allFigures := len(parts) == 3 && figures(parts[0]) && figures(parts[1]) && figures(parts[2])
	day := key + exampleDay
	switch {
	case allFigures && len(parts[0]) == 4 && strings.ContainsAny(v, "/. "):
		return "write hyphens between year, month and day: " + day
	case allFigures && len(parts[0]) == 4:
		return "write two figures for month and day: " + day
	case allFigures && len(parts[2]) == 4:
		return "write it the other way round: " + like + day + " is 16 December 2026"
	case allFigures:
		return "write the year first, with four figures: " + day + " is 16 December 2026"
	case len(v) > 10 && strings.Contains(v, ":"):
		return "write the day alone, without a time: " + day
	case len(parts) == 3 && figures(strings.NewReplacer("l", "1", "I", "1", "O", "0", "o", "0").Replace(strings.Join(parts, ""))):
		return "a letter stands where a figure belongs, l or I for 1, or O for 0: type it again, as in " + day
	case len(parts) > 1 && strings.ContainsAny(v, "0123456789"):
		return "write the month as a figure: " + like + day + " is 16 December 2026"
	case strings.TrimSpace(v) == "" || strings.EqualFold(v, "tbc") || strings.EqualFold(v, "n/a"):
		return "take the line out until the day is known"
	}
	return "write a day: " + like + day + " is 16 December 2026"
}

// otherWord says of a word that is not in a closed list which are.
func (s *shape) otherWord(v string) string {
	all := "write one of: " + strings.Join(s.allowed, ", ")
	if w := strings.Trim(v, curlyQuotes); w != v && slices.Contains(s.allowed, w) {
		return "these are curly quotes, which are letters like others here: type straight ones, " + `"` + w + `"`
	}
	if w := asLatin(v); w != v && slices.Contains(s.allowed, w) {
		return "it has a letter that is not the one it looks like, or one that nobody can see: type it again, " + w
	}
	if near := diag.Suggest(v, s.allowed); near != "" {
		all = "did you mean \"" + near + "\"? Allowed: " + strings.Join(s.allowed, ", ")
	}
	return hints(all, s.About)
}

// missing says of a key that is not there what it is needed for, and how it is written.
func (c *checker) missing(s *shape, path where, key string) (message, hint string) {
	at := where{up: &path, key: key}
	message = `"` + key + `" is missing`
	if need := needs[c.kindAt(at)]; need != "" {
		message += ": " + need
	} else if thing := things[c.kindAt(path)]; thing != "" {
		message += ": " + thing + " has one"
	}
	sub := s.Properties.find(key)
	if sub == nil {
		return message, ""
	}
	return message, hints(sub.About, "Write it like "+key+": "+sub.example(key))
}

// curlyQuotes are those that word processors put in place of straight ones.
const curlyQuotes = "“”„‟‘’‚‛«»"

// notTheDash reports whether a text begins with what looks like the dash of a list, and is
// none.
func notTheDash(v string) bool {
	for _, mark := range []string{"•", "·", "‣", "▪", "◦", "–", "—", "−", "*"} {
		if strings.HasPrefix(v, mark) {
			return true
		}
	}
	return false
}

// hints joins what is said in two goes, of which either may be "".
func hints(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "":
		return a
	case strings.HasSuffix(a, ".") || strings.HasSuffix(a, "?"):
		return a + " " + b
	}
	return a + ". " + b
}

// unknown says of a key that is not known here where it belongs, or which are. A sentence
// with a colon in it becomes a key too: none of it may stand in the finding.
func (c *checker) unknown(s *shape, path where, key *yamldoc.Node) diag.Finding {
	shown := where{up: &path, key: diag.HiddenKey}
	if diag.ShowsKey(key.Value) {
		shown.key = key.Value
	}
	f := diag.Finding{Rule: "unknown-key", Severity: diag.Error, File: c.file, Path: shown.String(), Span: key.Span, Value: key.Value}
	f.Message = "this key is not known here"
	if thing := things[c.kindAt(path)]; thing != "" {
		f.Message = "this key is not known here: " + thing + " has none of this name"
	}
	names := s.Properties.keys()
	near := nearKey(key.Value, names)
	if near != "" {
		c.meantAt(string(where{up: &path, key: near}.appendTo(nil, false)))
	}
	if near == "" || near != strings.ToLower(strings.ReplaceAll(key.Value, "-", "_")) {
		if places := c.placesOf(key.Value); len(places) > 0 && len(places) <= 3 {
			f.Hint = "it belongs " + strings.Join(places, ", or ") + ", further in or further out"
			for _, p := range places {
				c.meantAt(strings.TrimPrefix(join(strings.TrimPrefix(strings.TrimPrefix(p, leftEdge), "under "), key.Value), "."))
			}
			return f
		}
	}
	switch {
	case near != "" && asLatin(key.Value) != key.Value:
		f.Message = "this key has a letter that is not the one it looks like, or one that nobody can see"
		f.Hint = "type it again: " + near
	case near != "":
		f.Hint = "did you mean \"" + near + "\"?"
	case strings.ContainsFunc(key.Value, unicode.IsSpace):
		f.Rule, f.Message = "yaml-key", "these words are read as a key"
		f.Hint = "a text with a colon in it, or with a comma in braces, goes in double quotes, behind the key it belongs to; a long one below words: |, two spaces further in"
	default:
		f.Hint = "the keys allowed here are: " + strings.Join(names, ", ")
	}
	return f
}

// meantAt notes a place to which a key belongs that stands elsewhere, or is misspelt: that
// it is missing there is the same slip, told once.
func (c *checker) meantAt(place string) {
	c.stray = append(c.stray, strings.ReplaceAll(place, "[]", ""))
}

// once leaves out of what was found the keys that are missing since they stand elsewhere.
func (c *checker) once() {
	if len(c.stray) == 0 {
		return
	}
	c.out = slices.DeleteFunc(c.out, func(f diag.Finding) bool {
		p, err := yamldoc.ParsePath(f.Path)
		if f.Rule != "missing" || err != nil {
			return false
		}
		at := ""
		for _, step := range p {
			if step.IsKey() {
				at = join(at, step.Key)
			}
		}
		return slices.Contains(c.stray, at)
	})
}

// nearKey is the key that was meant: but for a slip or two, for letters that look like
// ours, or for an ending.
func nearKey(v string, names []string) string {
	v = asLatin(v)
	if near := diag.Suggest(v, names); near != "" {
		return near
	}
	for _, n := range names {
		short, long := strings.ToLower(v), n
		if len(n) < len(v) {
			short, long = long, short
		}
		if len(short) >= 4 && strings.HasPrefix(long, short) {
			return n
		}
	}
	return ""
}

// asLatin writes letters of other alphabets as those they look like, and leaves out what
// nobody can see.
func asLatin(s string) string {
	const theirs, ours = "аеорсухіјѕԁһкмтнвοανυκιρ", "aeopcyxijsdhkmthboavukip"
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r == 0xad, r >= 0x200b && r <= 0x200f, r >= 0x2060 && r <= 0x2064, r == 0xfeff:
			return -1
		case r >= 0xff01 && r <= 0xff5e: // letters of full width
			return r - 0xfee0
		}
		if i := slices.Index([]rune(theirs), r); i >= 0 {
			return rune(ours[i])
		}
		return r
	}, s)
}

const leftEdge = "at the left edge of the file"

// placesOf finds the groups of the file that know a key.
func (c *checker) placesOf(key string) []string {
	var out []string
	seen := map[*shape]bool{}
	var walk func(s *shape, at string)
	walk = func(s *shape, at string) {
		if s == nil || seen[s] {
			return
		}
		seen[s] = true
		if s.Properties.find(key) != nil {
			if at == "" {
				out = append(out, leftEdge)
			} else {
				out = append(out, "under "+at)
			}
		}
		for _, k := range s.Properties.keys() {
			walk(s.Properties.find(k), join(at, k))
		}
		walk(s.Items, at)
	}
	walk(c.root, "")
	return out
}

// nothingThere says of a key without a value what to do about it.
func (c *checker) nothingThere(n *yamldoc.Node, s *shape, path where, required bool) (message, hint string) {
	key := path.keyed()
	switch {
	case len(s.Types) > 0 && s.Types[0] == "object" && len(s.Properties) > 0:
		return "nothing is written here", "its keys stand on the lines below it, two spaces further in: " + s.keys()
	case len(s.Types) > 0 && s.Types[0] == "array":
		return "nothing is written here", "write each entry on a line below it, after a dash and a space; or take the line out"
	case required:
		message = "nothing is written here"
		if need := needs[c.kindAt(path)]; need != "" {
			message += ": " + need
		}
		return message, hints("write it like "+key+s.example(path.key), s.About)
	}
	return "nothing is written here", "write a value, such as " + key + s.example(path.key) + ", or take the line out until it is known"
}

// keyed is the key that a value stands behind, as it is written: "review_on: ", or
// "- " for an entry of a list.
func (w where) keyed() string {
	switch {
	case w.up == nil:
		return ""
	case w.key == "":
		return "- "
	}
	return w.key + ": "
}

// kindAt is a place in any file of the kind: "cycle plan.targets[].id".
func (c *checker) kindAt(w where) string {
	return strings.TrimSpace(string(c.kind) + " " + string(w.appendTo(nil, false)))
}

// meant mends what syntax says of a bare value that is neither text nor what belongs
// there: who reads "put quotes round it" of a yes would write "yes", and be refused anew.
func (c *checker) meant(findings []diag.Finding) {
	for i := range findings {
		f := &findings[i]
		s, ok := c.shapes[f.Span.Start.Offset]
		if !ok || f.Path != s.path {
			continue
		}
		is := func(t string) bool { return slices.Contains(s.Types, t) }
		switch f.Rule {
		case "yaml-bare-code":
			switch {
			case is("boolean"):
				f.Message, f.Hint = "this must be true or false", "write true for yes and false for no, without quotes"
			case is("number") || is("integer"):
				f.Message, f.Hint = "this is not written as a figure that every program reads", hints(bareFigureHint(f.Value, s), s.About)
			case s.Format == "date":
				f.Message, f.Hint = "this is not a date that every program reads", dateHint(f.Value, s.key)
			case s.form != nil && patternWords[s.Pattern].message != "" && slices.Contains([]string{"yes", "no", "true", "false", "on", "off", "y", "n", "null", "~"}, strings.ToLower(f.Value)):
				f.Message = patternWords[s.Pattern].message
				f.Hint = s.About
				if e := s.example(strings.TrimSuffix(s.key, ": ")); e != `"…"` {
					f.Hint = hints("write it like "+s.key+e, s.About)
				}
			case len(s.allowed) > 0 && !slices.Contains(s.allowed, f.Value):
				code := "one of the codes allowed here"
				if near := s.near(f.Value); near != "" {
					code = s.key + `"` + near + `"`
				}
				f.Hint = hints("write "+code+", in quotes", s.About)
			}
		case "yaml-timestamp", "yaml-no-such-date":
			if s.Format == "date" && f.Rule == "yaml-timestamp" {
				f.Hint = "write the day alone, without a time: " + s.key + exampleDay
			} else if s.Format == "date" {
				f.Hint = calendarHint(f.Value, s.key)
			}
		}
	}
}

// bareFigureHint is figureHint for what some programs take for a figure, or for none.
func bareFigureHint(v string, s shaped) string {
	like := s.key + s.example(strings.TrimSuffix(s.key, ": "))
	switch {
	case strings.EqualFold(v, "null") || v == "~":
		return "take the line out until the figure is known"
	case strings.HasPrefix(v, "+"):
		return figureHint(v, like)
	case s.accepted&aNumber != 0:
		return "figures alone, with one before a point and none too many: " + s.key + s.inRange("0.5")
	}
	return "figures alone, and none too many: " + like
}

// near is the code of a closed list that somebody meant who wrote a word which some
// programs take for yes or no: N where no stands.
func (s *shape) near(v string) string {
	for _, a := range s.allowed {
		if strings.EqualFold(a, v) || strings.EqualFold(a, v[:min(1, len(v))]) && len(a) == 1 {
			return a
		}
	}
	return ""
}

// calendarHint is for what has the form of a day that is not in the calendar.
func calendarHint(v, key string) string {
	if p := strings.Split(v, "-"); len(p) == 3 && len(p[1]) == 2 && p[1] > "12" && p[2] <= "12" {
		return "month and day have changed places: year, month, day, as in " + key + exampleDay + ", which is 16 December 2026"
	}
	return "look the day up, and write it as year, month, day: " + key + exampleDay + " is 16 December 2026"
}
