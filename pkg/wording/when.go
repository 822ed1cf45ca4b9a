package wording

import "strings"

// markWhen marks by when it is to be reached.
func (s *sentence) markWhen() {
	if from, to, ok := s.field("field-date"); ok {
		s.mark(s.when, from, to)
	}
	for i := 0; i < len(s.toks); i++ {
		if s.start[i] && !s.is(i, "by") {
			continue
		}
		end := s.match("due", i)
		if end == i {
			end = s.someDay(i)
		}
		if end == i {
			switch {
			case s.is(i, "in", "on", "for", "at") && s.inMonth(i) > i:
				end = s.inMonth(i)
			case s.is(i, "in") && s.match("month", i+1) > i+1 && s.at(i+2).kind == figure && s.at(i+2).value >= 2000 && s.willAfter(i):
				end = i + 3
			case s.at(i).kind == day && !s.is(i-1, "from", "since"):
				end = i + 1
			case s.match("month", i) > i && s.monthName(i) && (s.at(i-1).kind == ordinal || s.at(i-1).kind == figure || s.at(i+1).kind == figure && s.at(i+1).value > 31) && !s.is(i-1, "in", "since"):
				end = i + 1
				if s.at(i-1).kind == figure || s.at(i-1).kind == ordinal {
					s.mark(s.when, i-1, i)
				}
			}
		}
		if end == i || s.perPeriod(i, end) {
			continue
		}
		if s.match("part-of-year", end-1) > end-1 && s.at(end).kind == figure && s.at(end).value < 7 && s.at(end+1).kind != word && s.at(end+1).kind != figure && !s.is(end+1, "%", "/") {
			end++ // the end of Spring 2
		}
		if s.at(end).kind == figure && (s.at(end).value >= 2000 || s.match("month", end-1) > end-1 || s.at(end).value > 12 && s.at(end).value < 32 && s.match("month", end+1) > end+1) {
			end++
		}
		if s.match("month", end) > end && s.monthName(end) {
			end++
			if s.at(end).kind == figure && s.at(end).value >= 2000 {
				end++
			}
		}
		s.mark(s.when, i, end)
		i = end - 1
	}
}

// willAfter reports whether what stands before or after i in its clause is still to come.
func (s *sentence) willAfter(i int) bool {
	for j := i; j < len(s.toks) && !s.is(j, ";", ".", "("); j++ {
		if s.is(j, "will", "shall") {
			return true
		}
	}
	for j := i; j >= 0 && !s.is(j, ";", ".", "(", ","); j-- {
		if s.is(j, "will", "shall") {
			return !s.start[i]
		}
	}
	return false
}

// monthName tells May and March from may and march.
func (s *sentence) monthName(i int) bool {
	return !s.is(i, "may", "march", "mar", "sat") || s.at(i).title || s.at(i-1).kind == figure || s.at(i-1).kind == ordinal || s.is(i-1, "by", "in", "until", "before", "of")
}

// perPeriod reports whether a length of time is that in which something is counted:
// "in 4 of 5 lessons over two weeks", "for two weeks".
func (s *sentence) perPeriod(i, end int) bool {
	if s.is(i, "may", "march") {
		return !s.monthName(i)
	}
	if !s.is(i, "over", "across", "in", "within") {
		return false
	}
	n, unit := s.at(i+1), s.at(end-1).text
	if s.is(i+1, "the", "a", "one", "an") && !s.is(i+1, "the") {
		return unit == "week" || unit == "day" || unit == "session" || s.is(i, "in") && unit != "term" && unit != "half-term" && unit != "month" && unit != "year" && unit != "time"
	}
	if n.kind != figure {
		return false
	}
	if strings.HasPrefix(unit, "day") || strings.HasPrefix(unit, "session") {
		return true
	}
	return s.is(i, "over", "across") && strings.HasPrefix(unit, "week") && n.value < 4
}

// someDay gives the end of what tells a day in words no list knows: by Pancake Day, by the
// visit to the farm, by 19/12. By is hardly ever said of anything else in a target, unless
// of who does it or by what it is held.
func (s *sentence) someDay(i int) int {
	if end := s.termAhead(i); end > i {
		return end
	}
	if end := max(s.match("part-of-year", i), s.match("month", i)); end > i && (i == 0 || s.at(i-1).kind == mark && !s.is(i-1, "(", "/")) && s.monthName(i) {
		if s.at(end).kind == figure && s.at(end).value > 2000 {
			end++
		}
		if s.at(end).kind == 0 || s.at(end).kind == mark && !s.is(end, ":", "(", ")") {
			return end // ..., Xmas
		}
	}
	if s.is(i, "spring", "summer", "autumn", "lent", "sum", "spr", "aut", "michaelmas", "trinity") && s.at(i+1).kind == figure && s.at(i+1).value < 4 && (s.at(i+2).kind == mark || s.at(i+2).kind == 0) {
		return i + 2 // summer 1
	}
	if s.is(i, "wk", "week", "session") && s.at(i+1).kind == figure && (i == 0 || s.at(i-1).kind == mark) && s.at(i+2).kind != word {
		return i + 2
	}
	if !s.is(i, "by", "before", "until", "till", "til", "come") {
		return i
	}
	for j := i + 2; j < i+5 && s.at(j-1).kind == word; j++ { // by nursery leavers' day
		if s.is(j, "day", "week", "party", "play", "trip", "report", "reports", "concert", "fair", "fete", "service", "exam", "exams", "test", "tests", "retest", "check", "clinic", "appointment", "review", "meeting", "holiday", "holidays", "deadline", "visit", "fortnight", "weekend", "birthday", "season", "term") && !s.is(i+1, "the", "a", "an", "one", "each", "every", "himself", "herself") && !gerund(s.at(i+1).text) {
			return j + 1
		}
	}
	j := i + 1
	if s.at(j).kind == mark && s.is(j, "-", ":") && s.is(i, "by") {
		j++ // By: end of term
	}
	if t := s.at(j); t.kind == figure && strings.Contains(t.text, "/") {
		if d, m := t.value, s.over(j); (d > 0 && d < 32 && m > 0 && m < 13 || d < 13 && m > 20 && m < 40) && !s.is(j+1, "%") {
			return j + 1
		}
		return i
	}
	if s.at(j).kind == figure && s.at(j).value >= 2000 {
		return j + 1 // by 2027
	}
	if s.is(j, "the") && s.at(j+1).kind == ordinal {
		return j + 2 // by the 12th
	}
	if s.is(i, "come") {
		return i
	}
	own := s.is(j, "the", "his", "her", "their", "our", "my", "this", "that", "next", "end", "start", "late", "early")
	if own && s.is(i, "by") || s.is(j, "next", "end", "end-of-term", "end-of-year", "mid") {
		for j++; s.at(j).kind == word && (s.at(j).title || s.is(j, "next", "first", "second", "third", "last", "final", "new", "same", "school", "annual", "summer", "winter", "autumn", "spring", "half", "end", "of", "the", "big", "main", "whole")) && s.at(j+1).kind == word; j++ {
		}
		if s.at(j).kind != word || s.match("not-a-day", j) > j || s.match("who", j) > j || s.match("persons", j) > j || gerund(s.at(j).text) {
			return i
		}
		return j + 1
	}
	if t := s.at(j); t.kind == word && t.title && (s.is(i, "by") || s.is(i, "before") && i == 0) && s.match("who", j) == j && s.match("learner", j) == j && !gerund(t.text) {
		if i > 0 && (s.wasVerb(i-1) || s.is(i-1, "sit", "sits", "stand", "stands", "stay", "stays", "walk", "walks", "next", "sat", "read", "taught", "led", "given", "run")) {
			return i // sits by Jo, led by Jo
		}
		for s.at(j).title && s.at(j).kind == word {
			j++
		}
		return j
	}
	return i
}

// months counts the months that are named.
func (s *sentence) months() int {
	n := 0
	for i := range s.toks {
		if s.match("month", i) > i && s.monthName(i) {
			n++
		}
	}
	return n
}

// hasDay reports whether a day is told anywhere in words no list knows.
func (s *sentence) hasDay() bool {
	for i := range s.toks {
		if s.someDay(i) > i {
			return true
		}
	}
	return false
}

// over is what stands under the line of a figure such as 19/12, or 0.
func (s *sentence) over(i int) float64 {
	_, under, _ := strings.Cut(s.at(i).text, "/")
	return decimal(under)
}

// termAhead gives the end of a term put over the target like a heading: Spring target: ...
func (s *sentence) termAhead(i int) int {
	if i > 0 && !s.is(i-1, "the", "for", "(", ":", "my", "our") {
		return i
	}
	j := s.match("part-of-year", i)
	if m := s.match("month", i); m > j {
		j = m
	}
	if j == i {
		return i
	}
	for s.match("part-of-year", j) > j || s.at(j).kind == figure && s.at(j).value < 7 || s.at(j).value > 2000 {
		j++
	}
	if s.is(j, "target", "targets", "outcome", "goal", "aim", "objective", "step", "milestone") || i == 0 && s.at(j).kind == mark && s.is(j, ":", "-") {
		return j + 1
	}
	return i
}

// inMonth gives the end of a month, or a day of it, in a clause of which nothing is past:
// when she sits it again in June.
func (s *sentence) inMonth(i int) int {
	j := i + 1
	for s.is(j, "the", "early", "late", "mid") || s.at(j).kind == ordinal || s.at(j).kind == figure && s.at(j).value < 32 {
		j++
	}
	if s.match("month", j) == j || !s.monthName(j) {
		return i
	}
	from := i
	for from > 0 && !s.is(from-1, ";", ".", "(", ":") {
		from--
	}
	to := i
	for to < len(s.toks) && !s.is(to, ";", ".", ")") {
		to++
	}
	for k := from; k < to; k++ {
		if s.start[k] || s.wasVerb(k) && !s.is(k-1, "be", "get", "gets") {
			return i
		}
	}
	return j + 1
}
