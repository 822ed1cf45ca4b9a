package wording

import "strings"

// domains are the lists of verbs by what part of school life they are of.
func domains() []string {
	return []string{"read-verb", "write-verb", "number-verb", "speak-verb", "body-verb", "social-verb", "care-verb", "attend-verb", "task-verb", "calm-verb"}
}

func (s *sentence) domain(i int) string {
	if s.is(i, "") {
		return ""
	}
	best, which := i, ""
	for _, l := range domains() {
		if end := s.match(l, i); end > best {
			best, which = end, l
		}
	}
	return which
}

// double reports whether two of the verbs are outcomes apart from each other.
func (s *sentence) double(verbs []int) (from, to int, ok bool) {
	for n := 1; n < len(verbs); n++ {
		a, b := verbs[n-1], verbs[n]
		if s.apart(a, b, verbs, n) {
			return b, b + 1, true
		}
	}
	if i, ok := s.twoThings(verbs[0]); ok {
		return i, i + 1, true
	}
	if i, ok := s.added(verbs[0]); ok {
		return i, i + 1, true
	}
	return 0, 0, false
}

// added finds a second outcome in a clause of its own: "8 of 10 spellings; also in from
// play within 3 minutes".
func (s *sentence) added(v int) (int, bool) {
	for i := 1; i < len(s.toks); i++ {
		if s.start[i] || !s.is(i-1, ";", ".", ",", "and", ")", "+", "&") || !s.is(i, "also", "plus", "additionally", "furthermore", "secondly", "likewise") && !(s.is(i, "in") && s.is(i+1, "addition")) {
			continue
		}
		if s.figuresIn(0, i) && s.figuresIn(i, len(s.toks)) {
			return i, true
		}
	}
	if v >= len(s.toks) { // 8 of 10 spellings and no more than one detention
		for i := 1; i < len(s.toks); i++ {
			if s.is(i-1, "and") && !s.start[i] && !s.when[i] && s.figuresIn(0, i) && (s.is(i, "no", "fewer") && s.is(i+1, "more", "than") || s.is(i, "at") && s.is(i+1, "least", "most")) && s.figuresIn(i, i+5) {
				return i, true
			}
		}
	}
	// He will read 60 words. He will also tie his laces.
	for i := v + 1; i < len(s.toks); i++ {
		if !s.is(i, "will", "shall") || s.start[i] || !s.is(i-1, "he", "she", "they", "i", "pupil", "child", "learner") && !s.at(i-1).title {
			continue
		}
		j := i - 2
		if s.is(j, "the") {
			j--
		}
		if !s.is(j, ".", ";") || s.is(i+1, "do") || s.vagueAt(v) {
			continue
		}
		carried := false
		for k := i + 1; k < len(s.toks); k++ {
			carried = carried || s.is(k, "it", "this", "so", "these", "them")
		}
		if b := s.skip(i + 1); !carried && s.domain(b) != "" && s.domain(b) != s.domain(v) && s.domain(v) != "" {
			return i, true
		}
	}
	return 0, false
}

// apart reports whether what begins at b could be reached without what begins at a.
func (s *sentence) apart(a, b int, verbs []int, n int) bool {
	end := len(s.toks)
	if n+1 < len(verbs) {
		end = verbs[n+1]
	}
	// it, them and so on carry the first on: take off his coat and hang it up
	for i := b + 1; i < min(end, b+4); i++ {
		if s.is(i, "it", "them", "this", "these", "so", "that", "one") && !s.is(i+1, "of") {
			return false
		}
	}
	for i := b + 1; i < end; i++ {
		if s.is(i, "it", "them", "this") && s.is(i-1, "about", "of", "with", "to", "from", "for", "in", "on") {
			return false
		}
	}
	if s.startIn(a, b) && s.startIn(b, end) && s.at(a).text != s.at(b).text {
		return true // each with where it stands now
	}
	if s.is(b-1, "as") && s.is(b-2, "well") || s.is(b-1, "plus", ";") || s.is(b-1, "will") || s.is(b-1, "to") && s.is(b-2, "and", ",") {
		return true
	}
	if s.is(b, "stop", "stops") && strings.HasSuffix(s.at(b+1).text, "ing") && !s.is(b+1, "being") {
		return true // an outcome of its own, whatever comes before
	}
	if s.result(b) || s.leadsTo(a, b) {
		return false
	}
	if s.match("half-vague", b) > b && s.match("half-vague", b) >= end-1 {
		return false // sit on the carpet and listen
	}
	av := s.vagueAt(a)
	bv := s.vagueAt(b)
	if bv && av && b >= end-1 {
		return false
	}
	if av && b-a == 3 && s.is(b-2, "of", "about", "at", "to", "with", "on") {
		return false // think of and write
	}
	if bv || av {
		// "know and use", "understand and follow" share what follows
		return b-a > 2
	}
	da, db := s.domain(a), s.domain(b)
	ownA, ownB := s.figuresIn(a, b), s.figuresIn(b, end)
	if da == "" || db == "" {
		return b-a > 2
	}
	if s.is(b, "answer", "answers", "retell", "retells") && (study(da) || da == "speak-verb" || da == "body-verb") {
		return false // a story, and what is asked about it
	}
	if da == db {
		return s.manner(a, b) && s.manner(b, end) || ownA && ownB && b-a > 2 && da != "body-verb" && da != "care-verb" && s.at(a).text != s.at(b).text
	}
	if b-a <= 2 && !s.is(b-1, "will") { // read and write 20 words: one thing, done in two ways
		return study(da) && study(db)
	}
	if s.is(b, "use", "uses") {
		return !s.is(a, "find", "finds", "get", "gets", "take", "takes", "go", "goes")
	}
	if s.is(a, "use", "uses") {
		return ownB && ownA || ownB || study(db) || s.settingIn(a, end)
	}
	switch {
	case study(da) && study(db):
		return !s.is(b, "copy", "trace", "form")
	case study(da) && db == "speak-verb", da == "speak-verb" && study(db):
		return (ownA && ownB || s.settingIn(a, b)) && !s.is(b, "answer", "answers", "retell", "retells", "explain", "explains", "tell", "tells", "say", "says", "name", "names", "state", "describe", "identify", "identifies", "match", "summarise", "discuss", "give", "show")
	case db == "task-verb" && (study(da) || da == "speak-verb"):
		return s.is(b, "hand", "hands", "arrive", "bring", "brings", "organise", "organises", "complete", "completes", "finish") && ownA
	case da == "task-verb" && study(db), da == "task-verb" && db == "speak-verb", da == "body-verb" && db == "speak-verb", da == "body-verb" && db == "task-verb",
		da == "attend-verb" && db == "body-verb", da == "speak-verb" && db == "body-verb", da == "calm-verb", db == "calm-verb",
		da == "attend-verb" && db == "task-verb" && !ownA, da == "body-verb" && db == "attend-verb", da == "speak-verb" && db == "task-verb", da == "speak-verb" && db == "social-verb",
		da == "social-verb" && db == "speak-verb", da == "body-verb" && db == "social-verb", da == "care-verb" && db == "body-verb", da == "body-verb" && db == "care-verb", da == "care-verb" && db == "attend-verb", da == "attend-verb" && db == "care-verb",
		da == "task-verb" && db == "body-verb",
		da == "speak-verb" && db == "attend-verb", da == "attend-verb" && db == "speak-verb",
		da == "care-verb" && db == "speak-verb" && s.is(b, "choose", "pick", "select", "greet", "call", "answer"):
		return ownA && ownB || s.manner(b, end) && !ownA || s.settingIn(b, end) && (ownA || s.settingIn(a, b))
	}
	return true
}

// startIn reports whether it says from a to b where the learner is now.
func (s *sentence) startIn(a, b int) bool {
	for i := a; i < b && i < len(s.toks); i++ {
		if s.start[i] && s.is(i-1, "(") {
			return true
		}
	}
	return false
}

// manner reports whether the act from a to b is to be done better, or well, by itself.
func (s *sentence) manner(a, b int) bool {
	for i := a + 1; i < b && i < len(s.toks); i++ {
		switch s.at(i).text {
		case "more", "better", "neatly", "clearly", "quietly", "nicely", "properly", "neater", "clearer", "quicker", "longer", "kindly", "sensibly", "tidily", "politely", "well", "calmly", "safely":
			return true
		}
	}
	return false
}

func study(d string) bool { return d == "read-verb" || d == "write-verb" || d == "number-verb" }

func (s *sentence) vagueAt(i int) bool {
	_, _, _, ok := s.vague(i)
	return ok
}

func (s *sentence) figuresIn(a, b int) bool {
	for i := a; i < b && i < len(s.toks); i++ {
		if s.figureAt(i) || s.is(i, "without") && gerund(s.at(i+1).text) && !s.start[i] || s.is(i, "once", "twice", "daily", "every", "all") && !s.when[i] || s.match("own-measure", i) > i && !s.when[i] && !s.start[i] {
			return true
		}
	}
	return false
}

// result reports whether what begins at b only counts how the verb before it goes: add
// three numbers and get 9 of 10 right.
func (s *sentence) result(b int) bool {
	return s.is(b, "get", "gets", "score", "scores", "gain", "gains", "be", "is", "do", "does", "achieve", "achieves", "manage", "manages", "reach", "reaches") &&
		(s.at(b+1).kind == figure || s.is(b+1, "at", "all", "it", "them", "so", "no", "right", "every") && !s.is(b+2, "school", "home")) && !s.settingIn(b, len(s.toks))
}

// leadsTo reports whether the verb at a only brings the learner to where the one at b is
// done, and is not measured itself: stand up and read his poem.
func (s *sentence) leadsTo(a, b int) bool {
	if s.figuresIn(a, b) || s.settingIn(a, b) || s.is(b-1, "will", "to") {
		return false
	}
	w := lemmas(s.at(a).text)
	for _, base := range w {
		switch base {
		case "stand", "come", "get", "fetch", "find", "take", "pick", "open", "collect", "choose", "stop", "turn", "put", "raise", "hear", "see", "notice", "enter", "arrive", "return", "go", "pause", "select", "wait", "line":
			return true
		case "sit":
			return s.is(a+1, "down")
		}
	}
	return false
}

// settingIn reports whether the words from a to b name a place or an occasion of their own.
func (s *sentence) settingIn(a, b int) bool {
	for i := a; i < b && i < len(s.toks); i++ {
		if !s.is(i, "in", "at", "on", "during") {
			continue
		}
		for j := i + 1; j < i+4; j++ {
			switch strings.TrimSuffix(s.at(j).text, "s") {
			case "assembly", "assemblie", "home", "playground", "lunch", "lunchtime", "break", "playtime", "corridor", "bus", "hall", "registration", "carpet", "pe", "math", "english", "class", "tutor", "line", "circle":
				return true
			}
		}
	}
	return false
}

// twoThings finds one vague verb over two things: improve his reading and his behaviour.
func (s *sentence) twoThings(v int) (int, bool) {
	if v >= len(s.toks) || !s.vagueAt(v) {
		return 0, false
	}
	last := ""
	for i := v + 1; i < len(s.toks); i++ {
		if s.when[i] || s.start[i] {
			continue
		}
		which := ""
		for _, l := range []string{"domain-reading", "domain-writing", "domain-number", "domain-behaviour", "domain-social", "domain-speech", "domain-motor"} {
			if s.match(l, i) > i {
				which = l
			}
		}
		if which == "" {
			continue
		}
		if last != "" && which != last && (s.is(i-1, "and", "&", ",") || s.is(i-2, "and", "&") || s.is(i-3, "and")) {
			return i, true
		}
		last = which
	}
	return 0, false
}
