package trail

import "strings"

// Trailer is one "Key: value" line at the end of a commit message.
type Trailer struct{ Key, Value string }

// Trailers reads the trailers of a commit message as `git interpret-trailers
// --parse --no-divider` does without any configuration: the last paragraph, if
// it is not the subject and holds nothing else (or, beside a sign-off or a
// cherry-pick note, up to three lines of something else for each trailer).
// Continued lines are joined by a space.
func Trailers(message string) []Trailer {
	lines := strings.Split(strings.TrimSuffix(message, "\n"), "\n")
	var out []Trailer
	open := false // the last trailer may be continued
	for _, line := range lines[trailerStart(lines):] {
		if strings.HasPrefix(line, "#") {
			continue
		}
		if open && startsBlank(line) {
			if more := strings.TrimSpace(line); more != "" {
				last := &out[len(out)-1]
				last.Value = strings.TrimSpace(last.Value + " " + more)
			}
			continue
		}
		at := trailerColon(line)
		open = at >= 1
		if open {
			out = append(out, Trailer{Key: strings.TrimSpace(line[:at]), Value: strings.TrimSpace(line[at+1:])})
		}
	}
	return out
}

// trailerStart is the first line of the block of trailers, len(lines) for none.
func trailerStart(lines []string) int {
	title := 0
	for title < len(lines) && (strings.HasPrefix(lines[title], "#") || strings.TrimSpace(lines[title]) != "") {
		title++
	}
	trailers, others, maybe := 0, 0, 0 // maybe: continued lines of we don't know yet what
	known, blank := false, true
	for i := len(lines) - 1; i >= title; i-- {
		line := lines[i]
		switch {
		case strings.HasPrefix(line, "#"):
			others += maybe
			maybe = 0
		case strings.TrimSpace(line) == "":
			if blank {
				continue
			}
			others += maybe
			if known && trailers*3 >= others || trailers > 0 && others == 0 {
				return i + 1
			}
			return len(lines)
		case strings.HasPrefix(line, "Signed-off-by: "), strings.HasPrefix(line, "(cherry picked from commit "):
			blank, known = false, true
			trailers++
			maybe = 0
		case startsBlank(line):
			blank = false
			maybe++
		case trailerColon(line) >= 1:
			blank = false
			trailers++
			maybe = 0
		default:
			blank = false
			others += 1 + maybe
			maybe = 0
		}
	}
	return len(lines)
}

func startsBlank(line string) bool { return line != "" && strings.IndexByte(" \t\r\v\f", line[0]) >= 0 }

// trailerColon is where a line's colon is, if only a key and then spaces stand before it; else -1.
func trailerColon(line string) int {
	spaced := false
	for i := range len(line) {
		c := line[i]
		switch {
		case c == ':':
			return i
		case !spaced && (c == '-' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'):
		case i > 0 && (c == ' ' || c == '\t'):
			spaced = true
		default:
			return -1
		}
	}
	return -1
}
