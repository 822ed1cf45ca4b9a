package cli

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/sendctl/sendctl/pkg/diag"
	"github.com/sendctl/sendctl/pkg/rules"
)

// unknownRule is for words that are no rule, no group, and on no page.
func unknownRule(typed string) error {
	var names []string
	for _, r := range rules.All() {
		names = append(names, r.Name)
	}
	for _, g := range rules.Groups() {
		names = append(names, g.Name)
	}
	if near := diag.Suggest(typed, names); near != "" {
		return usage("no rule is named %q; did you mean %s? All of them: sendctl explain", typed, near)
	}
	return usage("no rule is named %q, and no page speaks of it; all of them: sendctl explain", typed)
}

func rulesOf(g rules.Group) []rules.Rule {
	return slices.DeleteFunc(rules.All(), func(r rules.Rule) bool { return r.Group() != g })
}

// speakingOf finds the rules whose name, demand, source or page holds every word; those
// that hold them as they were typed come first, then those with the words in the name, in
// what they demand, and on the page.
func speakingOf(typed []string) []rules.Rule {
	phrase := wordsOf(strings.Join(typed, " "))
	words := phrase
	if telling := slices.DeleteFunc(slices.Clone(words), smallWord); len(telling) > 0 {
		words = telling
	}
	if len(words) == 0 {
		return nil
	}
	best := map[string]int{}
	whole := map[string]bool{} // holds the words as typed
	found := slices.DeleteFunc(rules.All(), func(r rules.Rule) bool {
		page := r.Source
		if p, err := r.Page(); err == nil {
			page += " " + p.Why + " " + p.Right
		}
		parts := []struct {
			words  []string
			weight int
		}{{wordsOf(r.Name + " " + r.ID), 9}, {wordsOf(r.About), 4}, {wordsOf(page), 1}}
		for _, w := range words {
			in := false
			for _, p := range parts {
				if slices.ContainsFunc(p.words, func(x string) bool { return meant(x, w) }) {
					best[r.Name] += p.weight
					in = true
				}
			}
			if !in {
				return true
			}
		}
		for _, p := range parts {
			if len(phrase) > 1 && follows(p.words, phrase) {
				best[r.Name] += 30 + p.weight
				whole[r.Name] = true
			}
		}
		return false
	})
	if len(whole) > 0 && len(words) < len(phrase) { // one to one is more than one
		found = slices.DeleteFunc(found, func(r rules.Rule) bool { return !whole[r.Name] })
	}
	slices.SortStableFunc(found, func(a, b rules.Rule) int { return cmp.Compare(best[b.Name], best[a.Name]) })
	return found
}

// wordsOf are the words of a text in small letters; what stands between them parts them.
func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// smallWord reports whether a word says nothing of what a page is about.
func smallWord(w string) bool {
	return slices.Contains([]string{"a", "an", "and", "as", "at", "by", "for", "in", "is", "it", "no", "not", "of", "on", "or", "the", "to", "was", "with"}, w)
}

// meant reports whether a word of a text is the one typed, be it in another number.
func meant(x, typed string) bool {
	if len(typed) > 4 {
		typed = strings.TrimSuffix(typed, "s")
	}
	return x == typed || len(typed) >= 4 && strings.HasPrefix(x, typed)
}

// follows reports whether words stand in a text one after the other.
func follows(text, words []string) bool {
	for i := range len(text) - len(words) + 1 {
		if slices.EqualFunc(text[i:i+len(words)], words, meant) {
			return true
		}
	}
	return false
}
