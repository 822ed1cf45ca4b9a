package wording

import "strings"

// notAbove reports whether the aim is no better than the start, by the fields where both
// are there, else by the figures of the sentence.
func (s *sentence) notAbove(given Given) bool {
	from, ok1 := given.Baseline.Float()
	to, ok2 := given.Aim.Float()
	if ok1 && ok2 {
		if given.Better == "" {
			return from == to
		}
		return from == to || (to < from) != (given.Better == "lower")
	}
	for i := range s.toks { // none, and never, are less than anything; since counts another time
		if s.start[i] && s.is(i, "none", "never", "nothing", "since", "zero", "nil", "not", "hasn't", "haven't", "nobody", "yet", "we") && !s.has("down-verb") {
			return false
		}
	}
	var starts, aims []quantity
	for i := 0; i < len(s.toks); i++ {
		q, ok := s.quantityAt(i)
		if !ok || s.is(i+1, "at") && s.is(i+2, "a") && s.is(i+3, "time") || s.is(i-1, "of") && s.is(i-2, "out") && (i == 2 || s.at(i-3).kind != figure) || s.when[i] || q.value > 1900 && s.match("month", i-1) > i-1 || s.match("month", i+1) > i+1 && s.monthName(i+1) {
			continue
		}
		if s.numbered(i) || s.is(i, "one") && s.pronoun(i) {
			continue
		}
		if s.start[i] {
			starts = append(starts, q)
		} else if (s.figureAt(i) || s.is(i, "once", "twice")) && !s.is(i-1, "by") {
			aims = append(aims, q)
		}
		if q.of > 0 && !strings.Contains(s.at(i).text, "/") {
			for i++; i < len(s.toks) && s.at(i).kind != figure; {
				i++
			}
		}
	}
	if len(starts) == 0 || len(aims) == 0 {
		return false
	}
	if len(starts) > 1 && len(aims) > 1 && starts[0].unit != aims[0].unit {
		return false // which of them is to be compared nobody can tell
	}
	b := starts[0]
	if b.value == 0 {
		return false // none now, whatever is counted
	}
	if s.contrary(b.at, aims[0].at) || s.period(b.at) != "" && s.period(aims[0].at) != "" && s.period(b.at) != s.period(aims[0].at) || s.alone() {
		return false
	}
	if s.otherVerb(b.at) {
		return false
	}
	found := false
	for _, a := range comparable(b, aims) {
		if a.unit == "" && unitWord(b.unit) {
			a.unit = b.unit
		}
		x, y := a.value, b.value
		if a.of > 0 && b.of > 0 && a.of != b.of {
			x, y = a.value/a.of, b.value/b.of
		}
		lower := s.lower(a) || b.unit == a.unit && s.takes(b)
		if !lower && s.dependent(true) && !s.dependent(false) {
			return false // 5 mornings with mum now, 4 alone
		}
		if x == y && (s.says("rather") || s.says("instead")) {
			return false
		}
		if lower && x < y || !lower && x > y || x == y && s.harder(b, starts, aims) {
			return false
		}
		found = true
	}
	return found
}

// numbered reports whether the figure at i only numbers what stands before it: Summer 1,
// set 3, scale 2.
func (s *sentence) numbered(i int) bool {
	return s.is(i-1, "spring", "summer", "autumn") && s.at(i+1).kind != word || s.is(i-1, "week", "term", "unit", "room", "set", "class", "year", "no", "number", "bus", "lesson", "day", "question", "chapter", "wk", "yr", "form", "table", "cycle")
}

// pronoun reports whether one at i stands for somebody or something: one of us, bar one.
func (s *sentence) pronoun(i int) bool {
	if s.is(i+1, "in", "out", "of") && s.at(i+2).kind == figure || s.is(i+1, "out") {
		return false
	}
	return s.is(i-1, "no", "any", "some", "every", "each", "this", "that", "bar", "the") || s.is(i+1, "of", "another", "else", "who", "by", "lying", "is", "was", "he", "she")
}

// otherVerb reports whether something else is told of at the start than in the aim: he
// throws it four times in four, and shall sign.
func (s *sentence) otherVerb(q int) bool {
	for i := q - 1; i > q-5 && i >= 0 && s.start[i]; i-- {
		if s.is(i, "does", "did", "do", "is", "was", "has", "had", "can", "could", "needs", "needed", "got", "gets", "manages", "managed", "scored", "scores", "takes", "took") {
			return false
		}
		if s.counts(i) || s.is(i, "compared") {
			return false
		}
		if !s.anyVerb(i) || !strings.HasSuffix(s.at(i).text, "s") && !s.wasVerb(i) {
			continue
		}
		for j := range s.toks {
			if !s.start[j] && s.is(j, "do", "does", "it") {
				return false
			}
			for _, x := range s.at(i).bases[1:] {
				for _, y := range s.at(j).bases {
					if !s.start[j] && x == y {
						return false
					}
				}
			}
		}
		return true
	}
	return false
}

// harder reports whether as much is to be done of something harder: 8 of 10 with three
// key words, now with two.
func (s *sentence) harder(b quantity, starts, aims []quantity) bool {
	if len(starts) > 1 && len(aims) > 1 {
		for _, y := range starts {
			for _, x := range aims {
				if x.value != y.value && x.of == 0 && y.of == 0 && x.unit == y.unit {
					return true
				}
			}
		}
	}
	for i := range s.toks {
		if !s.start[i] {
			continue
		}
		if s.is(i, "with", "using", "after", "when", "if", "level") && !s.is(i+1, "the", "same") {
			return true
		}
	}
	return false
}

// takes reports whether q is how long something takes: it took her 4 minutes.
func (s *sentence) takes(q quantity) bool {
	if q.unit != "minute" && q.unit != "min" && q.unit != "second" && q.unit != "hour" {
		return false
	}
	for i := max(0, q.at-4); i < q.at; i++ {
		if s.is(i, "take", "takes", "took", "taken", "taking") && !s.is(i+1, "part", "turns") {
			return true
		}
	}
	return false
}

// dependent reports whether the start, or else the aim, tells of what there should be
// less of.
func (s *sentence) dependent(start bool) bool {
	for i := range s.toks {
		if s.start[i] == start && !s.when[i] && s.match("fewer-better", i) > i {
			return true
		}
	}
	return false
}

// alone reports whether the aim is to do it alone, where now it is done with help.
func (s *sentence) alone() bool {
	for i := range s.toks {
		if !s.start[i] && !s.when[i] && s.match("own-measure", i) > i && !s.is(i, "more", "on") || !s.start[i] && s.is(i, "on") && s.is(i+2, "own") {
			for j := range s.toks {
				if s.start[j] && (s.match("own-measure", j) > j || s.is(j, "the") && s.is(j+1, "same")) {
					return false
				}
			}
			return true
		}
	}
	return false
}

// period is in what time the figure at q is counted: day, for once a day.
func (s *sentence) period(q int) string {
	for i := q + 1; i < q+4; i++ {
		if s.is(i, "a", "per", "each", "every", "/") {
			switch p := strings.TrimSuffix(s.at(i+1).text, "s"); p {
			case "day", "week", "month", "term", "lesson", "fortnight", "morning", "session", "minute", "hour", "year":
				return p
			}
		}
	}
	return ""
}

// contrary reports whether one of the figures counts what is well and the other what is
// not: late nine days, on time eight.
func (s *sentence) contrary(a, b int) bool {
	bad := func(q int) (bad, good bool) {
		for i := max(0, q-5); i < q; i++ {
			bad = bad || s.is(i, "late", "absent", "misses", "missed", "wrong", "without")
			good = good || s.is(i, "time", "attend", "attends", "right") && s.start[i] == s.start[q]
		}
		return bad, good
	}
	bad1, good1 := bad(a)
	bad2, good2 := bad(b)
	return bad1 && good2 || bad2 && good1
}

// quick reports whether the target is to get something done sooner.
func (s *sentence) quick() bool {
	for i := range s.toks {
		if s.is(i, "will", "to") || i == 0 {
			for _, b := range lemmas(s.at(s.skip(i + 1)).text) {
				switch b {
				case "settle", "start", "begin", "change", "calm", "dress", "line", "separate", "return", "come", "tidy", "pack", "get", "take", "recover", "undress", "finish", "answer", "respond", "leave":
					return true
				}
			}
		}
	}
	return false
}

// comparable picks the aims that may count what the start counts.
func comparable(b quantity, aims []quantity) []quantity {
	for i, a := range aims {
		if a.unit != "" && a.unit == b.unit && (a.of == b.of || a.of > 0 && b.of > 0) || b.of > 0 && a.of == b.of {
			return aims[i : i+1]
		}
	}
	if len(aims) == 1 {
		a := aims[0]
		if a.unit != "" && b.unit != "" && a.unit != b.unit && !unitless(a.unit) && !unitless(b.unit) || different(b.unit, a.unit) || a.unit == "%" != (b.unit == "%") && a.unit != "" && b.unit != "" || (b.of > 0) != (a.of > 0) && a.unit != "" && b.unit != "" {
			return nil
		}
		return aims
	}
	if b.of == 0 && (b.unit == "" || !unitWord(b.unit)) {
		return aims
	}
	return nil
}

func unitWord(u string) bool {
	switch u {
	case "minute", "min", "second", "word", "%", "time", "time'", "prompt", "lesson", "day", "hour", "letter", "sentence", "step", "mark", "point":
		return true
	}
	return false
}

// unitless reports whether what follows a figure is no thing that is counted.
func unitless(u string) bool {
	switch u {
	case "or", "and", "by", "from", "to", "in", "at", "out", "of", "with", "without", "on", "for", "now", "current", "currently", "a", "per", "each", "every", "than", "more", "less", "then", "last", "at present", "before", "during", "when", "correct", "right", "read", "spelt", "spelled", "written", "known", "counted", "said", "named", "answered", "done", "today", "independently", "was", "is", "until":
		return true
	}
	return false
}

func different(a, b string) bool { return unitWord(a) && unitWord(b) && a != b }

// lower reports whether of what q counts fewer is better.
func (s *sentence) lower(q quantity) bool {
	if (q.unit == "minute" || q.unit == "min" || q.unit == "second") && (s.is(q.at-1, "under", "within", "inside", "below") || s.is(q.at-1, "the", "a", "his", "her") && s.is(q.at-2, "under", "within", "inside")) {
		return true
	}
	for i := range s.toks {
		if s.match("up-verb", i) > i || s.is(i, "up") && s.is(i+1, "from") {
			return false
		}
		if s.is(i, "down") && s.is(i+1, "from") {
			return true
		}
		if s.match("down-verb", i) > i && !(strings.HasSuffix(s.at(i).text, "ed") && s.is(i-1, "the", "a", "his", "her")) && !s.is(i-1, "at") {
			return true
		}
	}
	if s.is(q.at-1, "to") && s.is(q.at-2, "keep", "keeps", "kept", "keeping", "down", "stick", "sticks", "limited", "cut") {
		return true // kept to one biscuit
	}
	if s.is(q.at+1, "max", "maximum", "tops") || s.is(q.at+1, "or", "and") && s.is(q.at+2, "below", "less", "fewer", "under", "lower", "none") || s.is(q.at+1, "at") && s.is(q.at+2, "most") {
		return true
	}
	for i := max(0, q.at-3); i < q.at; i++ {
		if s.is(i, "more") && s.is(i+1, "than") {
			for j := max(0, i-10); j < i; j++ {
				if s.is(j, "without", "not", "never", "needing") {
					return true // without me looking more than once
				}
			}
		}
	}
	if q.of > 0 {
		return false // in 4 of 5 lessons
	}
	for i := range s.toks { // outbursts to go from two a week to three
		if s.is(i, "will", "to") {
			break
		}
		if s.match("fewer-better", i) > i && (s.is(i, "late") && s.is(i+1, "marks") || s.is(i+1, "to", "will", "a", ",", "(", "per", ":", "at", "in", "down", "from", "between")) && !s.is(i-1, "he", "she", "they", "i") && !(s.is(i+1, "to") && strings.HasPrefix(s.at(i).text, "refuse")) {
			return true
		}
	}
	if s.takes(q) {
		return true
	}
	if (q.unit == "minute" || q.unit == "min" || q.unit == "second") && !s.is(q.at-1, "for") && s.quick() {
		return true
	}
	if (q.unit == "minute" || q.unit == "min" || q.unit == "second") && s.is(q.at-1, "in", "within", "under", "inside", "below") {
		return true
	}
	for i := max(0, q.at-5); i < min(len(s.toks), q.at+5); i++ {
		if i > q.at && s.is(i, "with", "and", ".", ";") {
			break // 20 words with no more than two errors
		}
		if s.start[i] == s.start[q.at] && s.match("fewer-better", i) > i && !(s.is(i, "within", "under") && q.unit != "minute" && q.unit != "second") {
			return true
		}
	}
	return false
}
