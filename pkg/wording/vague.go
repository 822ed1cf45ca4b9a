package wording

import "strings"

// borneOut reports whether figures for now and for then make plain what a verb of how one
// gets on means, such as settle or join in, that ends before end. They never do for what
// goes on inside, nor for what is only to be done better.
func (s *sentence) borneOut(v, end int) bool {
	return !s.is(v-1, "be", "become", "feel") && s.match("inner-verb", v) == v && !s.is(end, "better", "well", "more")
}

// vague judges the verb at v: it cannot be seen or heard, and nothing beside it says what is.
func (s *sentence) vague(v int) (from, to int, instead string, ok bool) {
	if v >= len(s.toks) {
		return s.vagueName()
	}
	if s.shown(v) {
		return 0, 0, "", false
	}
	hard := s.match("vague-verb", v)
	if v > 0 && s.is(v-1, "be", "become", "feel") {
		v--
	}
	if end := s.match("vague-state", v); end > v {
		return v, end, s.instead("vague-state"), true
	}
	if s.is(v, "be") && strings.HasSuffix(s.at(v+1).text, "ed") && s.match("scale-verb", v+1) > v+1 && !s.is(v+1, "halved", "doubled", "trebled", "tripled") && !s.scaled(v+1) {
		return v, v + 2, s.instead("scale-verb"), true // skills will be developed
	}
	if s.is(v, "be", "feel", "become", "is", "seem") && mood(s.at(v+1).text) {
		return v, v + 2, s.instead("vague-state"), true
	}
	if s.is(v, "want") && s.is(v-1, "we", "i") && !s.is(v+1, "to") {
		return 0, 0, "", false // we want seven right
	}
	if hard > v {
		if hard == v+1 && s.match("half-vague", v) > v && s.figured(hard) && !s.is(hard, "better", "more", "harder", "well", "fully", "actively", "positively", "appropriately", "meaningfully", "effectively", "less") && !(s.is(v, "try", "tries") && s.is(hard, "to")) {
			return 0, 0, "", false
		}
		if s.is(hard, "to") && s.anyVerb(s.skip(hard+1)) && s.is(v, "remember") {
			return 0, 0, "", false
		}
		return v, hard, s.instead("vague-verb"), true
	}
	if end := s.match("scale-verb", v); end > v {
		if s.is(end, "asleep", "over", "in", "into", "off", "out") && s.is(v, "fall", "falls", "drop", "drops") {
			return 0, 0, "", false
		}
		switch s.at(v).text {
		case "halve", "double", "treble", "triple", "halves", "doubles", "halved", "doubled":
			return 0, 0, "", false // says by how much
		}
		if s.is(v, "raise", "raises") && s.is(end, "a", "an", "the", "any", "his", "her", "one") && s.is(end+1, "worry", "concern", "question", "issue", "problem", "point", "query", "complaint") {
			return 0, 0, "", false
		}
		if s.is(v, "raise", "raises", "lower", "lowers", "drop", "drops", "extend", "double", "sustain") && (s.is(end, "hand", "hands", "arm") || s.is(end+1, "hand", "hands", "arm", "voice", "arms")) {
			return 0, 0, "", false
		}
		if s.is(v, "get", "move", "make", "go", "come", "gain", "achieve", "grow", "build", "gets", "moves", "makes", "goes", "comes", "gains", "achieves", "builds") && !s.abstract(end) || s.scaled(end) {
			return 0, 0, "", false
		}
		return v, end, s.instead("scale-verb"), true
	}
	return 0, 0, "", false
}

// vagueName finds what nobody can see in a target without a verb: better concentration.
func (s *sentence) vagueName() (from, to int, instead string, ok bool) {
	for i := range s.toks {
		if s.when[i] || s.start[i] {
			continue
		}
		if (i == 0 || s.when[i-1] || s.is(i-1, ",")) && strings.HasSuffix(s.at(i).text, "ing") && (s.match("vague-verb", i) > i || s.match("scale-verb", i) > i && !s.scaled(i)) {
			return i, s.match("vague-verb", i), s.instead("vague-verb"), !s.figured(0)
		}
		if s.is(i, "independent") && gerund(s.at(i+1).text) {
			return 0, 0, "", false
		}
		if s.is(i, "improved", "better", "increased", "greater", "increase", "improvement", "understanding", "awareness", "knowledge", "progress", "ability", "appreciation", "participation", "reduced", "reduction", "more", "good", "positive") ||
			s.match("domain-behaviour", i) > i || s.match("domain-social", i) > i || s.match("state", i) > i {
			return i, i + 1, s.instead("vague-verb"), !s.figured(0)
		}
	}
	return 0, 0, "", false
}

// mood reports whether a word after "be" has the form of a state: calmer, hopeful, resilient.
func mood(w string) bool {
	switch w {
	case "silent", "present", "absent", "able", "number", "under", "over", "after", "together", "there", "here", "either", "five", "seven", "different", "upper", "another", "other", "helper", "leader", "partner", "member", "speaker", "reader", "player", "monitor":
		return false
	}
	for _, end := range []string{"er", "ful", "ive", "ent", "ant", "able", "ible", "ous", "less", "ic"} {
		if strings.HasSuffix(w, end) && len(w) > len(end)+2 {
			return true
		}
	}
	return false
}

// shown reports whether the sentence says how a verb that cannot be seen is shown: by
// pointing to the picture.
func (s *sentence) shown(v int) bool {
	for i := v + 1; i < len(s.toks); i++ {
		w := s.at(i).text
		if s.is(i, ",") && gerund(s.at(i+1).text) && s.domain(i+1) != "" && !s.start[i] && !s.is(i+1, "having", "being", "using", "getting", "making", "needing", "working") {
			return true // copes with the bell, staying in line
		}
		if s.means(i) {
			return true
		}
		if s.is(i, "by", "through", "using") && strings.HasSuffix(s.at(i+1).text, "ing") && s.match("vague-verb", i+1) == i+1 && s.match("scale-verb", i+1) == i+1 &&
			!s.is(i+1, "being", "having", "using", "receiving", "attending", "working", "taking", "evening", "morning", "spring") {
			return true
		}
		if (w == "shown" || w == "measured" || w == "evidenced" || w == "demonstrated" || w == "seen") && s.is(i+1, "by", "in", "when", "through") {
			return true
		}
	}
	return false
}

// means reports whether after i the sentence says in other words, and ones that can be
// seen, what is meant: "that is, sent out no more than once a week".
func (s *sentence) means(i int) bool {
	end := s.match("explained", i)
	if end == i && s.is(i, ":", "-") && s.at(i).kind == mark && s.anyVerb(s.skip(i+1)) && (strings.HasSuffix(s.at(s.skip(i+1)).text, "s") || s.is(i+1, "will", "he", "she", "they", "i")) {
		end = i + 1
	}
	if end == i {
		return false
	}
	for end < len(s.toks) && s.is(end, ",", "he", "she", "they", "i", "will") {
		end++
	}
	if v := s.skip(end); s.match("vague-verb", v) > v || s.match("scale-verb", v) > v || s.match("vague-state", v) > v {
		return false
	}
	for j := end; j < len(s.toks) && !s.is(j, ";", "."); j++ {
		if s.start[j] {
			return false
		}
		if s.figureAt(j) || s.match("figure", j) > j && s.match("no-figure", j) == j {
			return true
		}
	}
	return false
}

// abstract reports whether something nobody can see follows within two words.
func (s *sentence) abstract(i int) bool {
	for j := i; j < i+3; j++ {
		for _, l := range []string{"domain-reading", "domain-writing", "domain-number", "domain-behaviour", "domain-social", "domain-speech", "state"} {
			if s.match(l, j) > j {
				return true
			}
		}
	}
	return false
}

// scaled reports whether a verb of more or less has a figure to which, or by how much.
func (s *sentence) scaled(i int) bool {
	for j := i; j < len(s.toks); j++ {
		if s.at(j).kind != figure || s.when[j] || s.start[j] && !s.is(j+1, "to") {
			continue
		}
		k := j - 1
		for s.is(k, "least", "at", "about", "around", "over", "under", "below", "above", "a", "score", "of", "level", "further", "another", "than", "more", "fewer", "less", "no", "standardised", "only", "most") {
			k--
		}
		if s.is(k, "to", "by", "from", "-", "reach", "than", ":", "at") || s.start[j] || k == i-1 {
			return true
		}
	}
	return false
}

// figured reports whether a figure that is a measure follows.
func (s *sentence) figured(i int) bool {
	for j := i; j < len(s.toks); j++ {
		if s.figureAt(j) {
			return true
		}
	}
	return false
}
