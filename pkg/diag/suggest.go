package diag

import "strings"

// Suggest gives the option nearest to word, or "" when none is near: at most one
// slip in three characters, where a slip is a letter changed, left out, added
// or swapped with its neighbour. Case and the choice of "-" or "_" do not count.
// Codes of one or two characters are too near one another to guess at.
func Suggest(word string, options []string) string {
	fold := func(s string) []rune { return []rune(strings.ReplaceAll(strings.ToLower(s), "_", "-")) }
	w := fold(word)
	best, bestAt := "", len(w)/3+1
	for _, o := range options {
		if at := distance(w, fold(o)); at < bestAt {
			best, bestAt = o, at
		}
	}
	return best
}

// DidYouMean is Suggest as the end of a sentence: `; did you mean "stage"?`, or "".
func DidYouMean(word string, options []string) string {
	if s := Suggest(word, options); s != "" && s != word {
		return `; did you mean "` + s + `"?`
	}
	return ""
}

// distance is the Damerau-Levenshtein distance (optimal string alignment).
func distance(a, b []rune) int {
	older, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], older[j-2]+1)
			}
		}
		older, prev, cur = prev, cur, older
	}
	return prev[len(b)]
}
