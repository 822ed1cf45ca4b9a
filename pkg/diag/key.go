package diag

// HiddenKey stands in a path in place of a key that may be somebody's words.
const HiddenKey = "(a key)"

// mostKey is how long a key may be to be shown, and mostFigures how many figures in a row
// it may hold: a year of birth has four.
const (
	mostKey     = 40
	mostFigures = 3
)

// ShowsKey reports whether a key that no kind of file knows may stand in a finding: a
// lower-case word of ASCII letters, figures, "_" and "-". Anything else may be the
// beginning of a sentence that became a key by the colon in it, and who reads a log is
// not to read that.
func ShowsKey(key string) bool {
	if key == "" || len(key) > mostKey || key[0] < 'a' || key[0] > 'z' {
		return false
	}
	figures := 0
	for i := range len(key) {
		switch c := key[i]; {
		case c >= '0' && c <= '9':
			if figures++; figures > mostFigures {
				return false
			}
			continue
		case c >= 'a' && c <= 'z', c == '_', c == '-':
		default:
			return false
		}
		figures = 0
	}
	return true
}
