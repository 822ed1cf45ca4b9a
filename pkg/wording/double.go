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
	return 0, 0, false
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
	if s.is(b-1, "as") && s.is(b-2, "well") || s.is(b-1, "plus", ";") || s.is(b-1, "will") || s.is(b-1, "to") && s.is(b-2, "and", ",") {
		return true
	}
	if s.match("half-vague", b) > b && s.match("half-vague", b) >= end-1 {
		return false // sit on the carpet and listen
	}
	av := s.vagueAt(a)
	bv := s.vagueAt(b)
	if bv && av && b >= end-1 {
		return false
	}
	if bv || av {
		// "know and use", "understand and follow" share what follows
		return b-a > 2 || bv && av && b-a > 2
	}
	da, db := s.domain(a), s.domain(b)
	ownA, ownB := s.figuresIn(a, b), s.figuresIn(b, end)
	if da == "" || db == "" {
		return b-a > 2
	}
	if s.is(b, "answer", "answers", "retell", "retells") {
		return false // a story, and what is asked about it
	}
	if da == db {
		return ownA && ownB && b-a > 2 && da != "body-verb" && da != "care-verb" && s.at(a).text != s.at(b).text
	}
	if b-a <= 2 && !s.is(b-1, "will") { // read and write 20 words: one thing, done in two ways
		return study(da) && study(db)
	}
	if s.is(b, "use", "uses") {
		return !s.is(a, "find", "finds", "get", "gets", "take", "takes", "go", "goes")
	}
	if s.is(a, "use", "uses") {
		return ownB || study(db) || s.settingIn(a, end)
	}
	switch {
	case study(da) && study(db):
		return !s.is(b, "copy", "trace", "form")
	case study(da) && db == "speak-verb", da == "speak-verb" && study(db):
		return ownA && ownB && !s.is(b, "answer", "answers", "retell", "retells", "explain", "explains", "tell", "tells", "say", "says", "name", "names", "state", "describe", "identify", "identifies", "match", "summarise", "discuss", "give", "show")
	case db == "task-verb" && (study(da) || da == "speak-verb"):
		return s.is(b, "hand", "hands", "arrive", "bring", "brings", "organise", "organises", "complete", "completes", "finish") && ownA
	case da == "task-verb" && study(db), da == "task-verb" && db == "speak-verb", da == "body-verb" && db == "speak-verb", da == "body-verb" && db == "task-verb",
		da == "attend-verb" && db == "body-verb", da == "speak-verb" && db == "body-verb", da == "calm-verb", db == "calm-verb",
		da == "attend-verb" && db == "task-verb" && !ownA, da == "body-verb" && db == "attend-verb", da == "speak-verb" && db == "task-verb", da == "speak-verb" && db == "social-verb",
		da == "social-verb" && db == "speak-verb", da == "body-verb" && db == "social-verb", da == "care-verb" && db == "body-verb", da == "body-verb" && db == "care-verb", da == "care-verb" && db == "attend-verb", da == "attend-verb" && db == "care-verb",
		da == "task-verb" && db == "body-verb",
		da == "speak-verb" && db == "attend-verb", da == "attend-verb" && db == "speak-verb",
		da == "care-verb" && db == "speak-verb" && s.is(b, "choose", "pick", "select", "greet", "call", "answer"):
		return ownA && ownB || s.settingIn(b, end) && (ownA || s.settingIn(a, b))
	}
	return true
}

func study(d string) bool { return d == "read-verb" || d == "write-verb" || d == "number-verb" }

func (s *sentence) vagueAt(i int) bool {
	_, _, _, ok := s.vague(i)
	return ok
}

func (s *sentence) figuresIn(a, b int) bool {
	for i := a; i < b && i < len(s.toks); i++ {
		if s.figureAt(i) || s.is(i, "once", "twice", "daily", "every", "all") && !s.when[i] {
			return true
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
