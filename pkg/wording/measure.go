package wording

import "strings"

func (s *sentence) mark(marks []bool, i, end int) {
	for ; i < end && i < len(marks); i++ {
		marks[i] = true
	}
}

// markStart marks where the sentence says where the learner is now: the words that say
// it, up to the end of the clause, or the figure after from. at is the verb of the target.
func (s *sentence) markStart(at int) {
	if from, to, ok := s.field("field-start"); ok {
		s.mark(s.start, from, to)
	}
	s.markBeside()
	s.markClauses(at)
	s.markNow(at)
	s.markFirstOfTwo()
	for i := 0; i < len(s.toks); i++ {
		if s.at(i).kind == figure { // 14 words -> 30 words
			j := i + 1
			for j < i+5 && (s.at(j).kind == word && !s.is(j, "by", "to", "and", "will", "or", "fewer", "less", "more") || s.at(j).kind == figure || s.is(j, "%")) {
				j++
			}
			k := j + 1
			if s.is(k, ">") {
				k++
			}
			if s.is(j, "-") && s.at(j).kind == mark && s.at(k).kind == figure && !marked(s.start[i:k]) {
				s.mark(s.start, i, j)
				i = k - 1
				continue
			}
		}
		if end := s.match("start-label", i); end > i && (i == 0 || s.at(i-1).kind == mark) && (s.is(end, ":") || s.at(end).kind == figure) {
			for end++; end < len(s.toks) && !s.is(end, ",", ";", ".") && !s.labelAt(end); {
				end++
			}
			s.mark(s.start, i, end)
			i = end - 1
			continue
		}
		if s.is(i, "from") && s.at(i+1).kind == figure && !s.choice(i) {
			end := i + 2
			for end < len(s.toks) && !s.is(end, "to", ",", ";", ".", ")", "by", "and") {
				end++
			}
			if !s.is(end, "to") || s.at(end+1).kind != figure {
				end = i + 2
			}
			s.mark(s.start, i, end)
			continue
		}
		if end := s.upward(i); end > i {
			s.mark(s.start, i, end)
			i = end
			continue
		}
		if s.is(i, "from") && (i == 0 || s.is(i-1, ",", ";", ":", ".")) && at > i { // From a score of 78 in May to 85
			end, figures := i+1, false
			for end < len(s.toks) && !s.is(end, "to", ",", ";", ".") {
				figures = figures || s.at(end).kind == figure
				end++
			}
			if figures && s.is(end, "to") && s.figured(end) {
				s.mark(s.start, i, end)
				i = end
				continue
			}
		}
		if s.is(i, "from") && (s.moves(i) || strings.HasSuffix(s.at(i+1).text, "ing") && !s.is(i+1, "morning", "evening", "reading", "writing", "spring", "something", "anything", "building", "clothing")) {
			end := i + 1
			for end < len(s.toks) && !s.is(end, "to", ",", ";", ".", ")", "by") {
				end++
			}
			s.mark(s.start, i, end)
			continue
		}
		end := s.match("now", i)
		if at < i && s.under(at+1, i) && !s.is(i, "now", "currently", "presently", "(") && !s.is(i-1, "when", "what", "how", "why", "if") || at < i && s.under(at+1, i) && (s.wasVerb(i+1) || s.is(i+1, "has", "had", "have")) {
			continue
		}
		if at < i-2 && s.is(i, "has", "have", "had") && s.is(i-1, "he", "she", "they", "i") && s.at(i-2).kind == word && !function(s.at(i-2).text) && !s.is(i-2, "and", "but", "though", "although", "whereas", "whilst", "now", "currently", "present", "which", "whom", "since", "moment") {
			continue // adults she has not met
		}
		if s.is(i, "before") && strings.HasSuffix(s.at(i+2).text, "s") && !s.is(i+2, "was") {
			continue // counts to five before he answers
		}
		if end == i || s.start[i] || s.at(i).kind == figure && s.at(i).value > 1900 || s.is(i-1, "from") && s.is(i, "now", "today") || s.is(i, "last", "previous") && s.is(i-1, "the", "by") {
			continue
		}
		if s.is(i, "from") {
			if s.choice(i) && !s.laterTo(end) {
				continue
			}
			for end < len(s.toks) && !s.is(end, "to", ",", ";", ".", ")", "by") {
				end++
			}
			s.mark(s.start, i, end)
			i = end
			continue
		}
		if (s.is(i, "he", "she", "they", "it", "i", "this", "pupil", "child", "learner", "is", "are", "has", "have") || s.is(i, "was", "were")) && i < 1 {
			continue // the subject of the sentence
		}
		// figures before it in the same clause are the start too: "(3 now)", "12 in September"
		back := i
		for back > 0 && !s.is(back-1, ",", ";", "(", ".", "-", "will", "to", ":") && i-back < 6 {
			back--
		}
		if !s.is(back-1, "(", ",", ";", "-", ".", ":") {
			back = i
		}
		for end < len(s.toks) && !s.is(end, ",", ";", ")", "to") && !(s.is(end, ".") && end+1 < len(s.toks)) && s.match("due", end) == end && !(s.is(end, "-") && s.at(end).kind == mark) && !s.is(end, "will", "and") {
			end++
		}
		s.mark(s.start, back, end)
		i = end - 1
	}
	s.clearAim()
}

// clearAim takes the mark off the first clause where nothing would be left to be the aim.
func (s *sentence) clearAim() {
	for i := range s.toks {
		if s.at(i).kind != mark && !s.start[i] {
			return
		}
	}
	for i := range s.toks {
		if s.at(i).kind == mark && s.is(i, "(", ";", ".", ",", "-") && i > 1 {
			for j := range i {
				s.start[j] = false
			}
			return
		}
	}
}

// upward gives the end of what a target starts from where one and the same word stands
// before both figures, or after them: from scale 2 to scale 5.
func (s *sentence) upward(i int) int {
	if !s.is(i, "from") || s.choice(i) {
		return i
	}
	for j := i + 1; j < i+6; j++ {
		if s.is(j, "to") && s.at(j-1).kind == figure && s.is(j+1, s.at(i+1).text) && s.at(j+1).kind == word {
			return j
		}
	}
	return i
}

// markBeside marks a sentence without a day that stands before one with a day and a
// figure: knows 4 letters; by July 20.
func (s *sentence) markBeside() {
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !(s.is(to, ";", ".", "-") && s.at(to).kind == mark) && !(s.is(to, ",") && (s.is(to+1, "we", "i") && s.is(to+2, "are", "am", "want", "would", "aim") || s.is(to+1, "by", "aiming", "aim", "target"))) {
			to++
		}
		if s.figures(from, to) && !s.comes(from, to) && s.dueWithFigure(to+1) {
			s.mark(s.start, from, to)
		}
		from = to + 1
	}
}

// figures reports whether the words up to to count something, or say that there is none.
func (s *sentence) figures(from, to int) bool {
	for i := from; i < to; i++ {
		if s.at(i).kind == figure && s.at(i).value < 1900 || s.is(i, "none", "no", "never", "once", "twice", "every", "all", "only", "not", "cannot", "always", "doesn't", "hasn't", "can't", "isn't") {
			return true
		}
	}
	return false
}

// comes reports whether the words up to to tell of what is to come, or say how it is judged.
func (s *sentence) comes(from, to int) bool {
	was := false
	for i := from; i < to && i < from+8; i++ {
		was = was || s.wasVerb(i) || s.is(i, "last", "latest", "previous", "first")
	}
	for i := from; i < to; i++ {
		if s.is(i, "will", "shall", "should", "target", "goal", "want", "wants", "aim", "aims", "hope", "review", "if", "expected") || strings.HasSuffix(s.at(i).text, "'ll") || s.match("due", i) > i && !was ||
			s.is(i, "to") && (i == from || s.subject(i)) && !s.wasVerb(i-1) && !s.present(i-1) && s.anyVerb(s.skip(i+1)) {
			return true
		}
	}
	return false
}

// dueWithFigure reports whether what begins at i says by when, and counts something.
func (s *sentence) dueWithFigure(i int) bool {
	counts := s.is(i, "his", "her", "their", "my", "the", "our") && s.is(i+1, "goal", "target", "aim")
	due := counts
	for i < len(s.toks) && !s.is(i, ";", "(", ".") && !(s.is(i, "-") && s.at(i).kind == mark) {
		if end := s.match("due", i); end > i {
			due = true
			for s.match("month", end) > end || s.at(end).kind == figure && s.at(end).value > 31 {
				end++
			}
			i = end
			continue
		}
		counts = counts || s.at(i).kind == figure && s.match("month", i+1) == i+1 || s.match("figure", i) > i
		i++
	}
	return due && counts
}

// markFirstOfTwo marks the first of two figures of one thing with to between: attendance
// 70% to 90%, a score of 8 out of 40 to rise to 20. A mere range has no word between.
func (s *sentence) markFirstOfTwo() {
	for i := range s.toks {
		if s.at(i).kind != figure || s.start[i] || s.is(i-1, "from", "of") && s.at(i-2).kind == figure {
			continue
		}
		j := i + 1
		for j < i+5 && (s.is(j, "%", "out", "of") || s.at(j).kind == figure || s.at(j).kind == word && !s.is(j, "to", "and", "by", "or", "in", "at", "for", "with")) {
			j++
		}
		if s.is(j, "to") && s.over(i) > 0 && s.over(i) == s.over(j+1) {
			s.mark(s.start, i, j) // 5/10 to 9/10
			continue
		}
		if j == i+1 || !s.is(j, "to") || s.at(i).value > 1900 {
			continue
		}
		k := j + 1
		for s.is(k, "rise", "fall", "increase", "drop", "go", "grow", "up", "down", "improve", "come", "to", "at", "least", "be", "about") {
			k++
		}
		if s.at(k).kind == figure && s.match("month", k+1) == k+1 && (s.is(i+1, "%") == s.is(k+1, "%") || s.is(k-1, "to") && k > j+1) && (s.is(i+1, "%") || s.is(k+1, s.at(i+1).text) || k > j+1) {
			s.mark(s.start, i, j)
		}
	}
}

// markNow marks each clause that has a word for now, or for a time gone by, and is not
// the clause of the aim: "he reads 12 words now and will read 30".
func (s *sentence) markNow(at int) {
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && (to == from || !s.clauseEnds(to)) {
			to++
		}
		if (at < from || at >= to || s.aimAfter(from, to)) && s.ofNow(from, to) {
			s.mark(s.start, from, to)
		}
		from = to
	}
}

// aimAfter reports whether the words up to to end with now, and another clause says by
// when: settles in 9 minutes now; by March in 4.
func (s *sentence) aimAfter(from, to int) bool {
	if !s.is(to-1, ";", ",", ".") || !s.is(to-2, "now", "currently", "present", "presently", "moment", "today") {
		return false
	}
	due, figures := false, false
	for i := from; i < len(s.toks); i++ {
		if i < to && s.is(i, "will", "to") {
			return false
		}
		if i >= to {
			due = due || s.match("due", i) > i
			figures = figures || s.at(i).kind == figure || s.match("figure", i) > i
		}
	}
	return due && figures
}

// clauseEnds reports whether another clause begins at i.
func (s *sentence) clauseEnds(i int) bool {
	if s.is(i-1, ",", ";", "(", ")", ".", ":", "!", "-") && s.at(i-1).kind == mark {
		return true
	}
	switch s.at(i).text {
	case "where", "while", "whereas", "although", "though", "which", "who":
		return true
	case "and", "but", "then", "so":
		for j := i + 1; j < i+5; j++ {
			if s.is(j, "will", "to", "target", "aims", "wants", "want", "hopes", "hope", "aim", "should", "by") || strings.HasSuffix(s.at(j).text, "'ll") {
				return true
			}
		}
	}
	return false
}

// ofNow reports whether the words from from to to tell of now, or of a time gone by.
func (s *sentence) ofNow(from, to int) bool {
	now, past, figures := false, false, false
	for i := from; i < to; i++ {
		switch {
		case s.is(i, "will", "shall", "should", "target", "until") && !s.is(i+1, "now") || strings.HasSuffix(s.at(i).text, "'ll"), s.is(i, "by") && s.match("due", i) > i:
			return false
		case s.under(from, i) && !s.is(i, "now", "currently", "presently"):
			continue // what he did last week
		case s.is(i, "now"):
			now = now || !s.is(i+1, "next", "/", "&", "on", "board", "then") && !(s.is(i+1, "and") && s.is(i+2, "next", "then")) && !s.is(i-1, "by", "from", "between")
		case s.match("gone", i) > i, s.match("gone-or-due", i) > i && (s.is(from-1, "(") || s.past(from, to) || s.dueElsewhere(from, to)):
			past = true
		}
		figures = figures || s.at(i).kind == figure && s.at(i).value < 1900 || s.is(i, "none", "no", "never", "once", "twice", "every", "all", "only", "not", "cannot", "always")
	}
	return now || past && (figures || s.past(from, to))
}

// dueElsewhere reports whether a day is told outside the words from from to to.
func (s *sentence) dueElsewhere(from, to int) bool {
	for i := range s.toks {
		if (i < from || i >= to) && s.is(i, "by", "before", "until") && s.match("due", i) > i {
			return true
		}
	}
	return false
}

// under reports whether what stands at i is told of in a clause that says what, or when,
// something is done: he will tell what he did last week.
func (s *sentence) under(from, i int) bool {
	for j := i - 1; j >= from && j >= i-7; j-- {
		if s.at(j).kind == mark {
			return false
		}
		if s.is(j, "what", "when", "how", "why", "whether", "if") {
			return true
		}
	}
	return false
}

// past reports whether a verb from from to to tells of what was.
func (s *sentence) past(from, to int) bool {
	for i := from; i < to; i++ {
		if s.wasVerb(i) || s.is(i, "has", "have") {
			return true
		}
	}
	return false
}

// wasVerb reports whether the word at i is a verb in the past.
func (s *sentence) wasVerb(i int) bool {
	w := s.at(i).text
	if strings.HasSuffix(w, "ed") && len(w) > 4 && s.at(i).kind == word && !strings.HasPrefix(w, "un") && !s.is(i-1, "a", "an", "the", "his", "her", "their", "get", "gets", "got", "getting", "be", "being") {
		return true
	}
	return s.is(i, "was", "were", "did", "had", "got", "wrote", "said", "took", "made", "went", "could", "came", "left", "knew", "sat", "spoke", "ate", "gave", "began", "bit", "hit", "ran", "swam", "lost", "won", "hid", "met", "held", "kept", "fell", "threw", "stood", "found", "told", "slept", "drank", "drew", "rode", "sang")
}

// markClauses marks a clause of its own that tells of now or before, with a figure: "he
// reads 12", "counted to 12 in September".
func (s *sentence) markClauses(at int) {
	for from := 0; from < len(s.toks); {
		to := from
		bracket := s.is(from-1, "(")
		for to < len(s.toks) && !s.is(to, ")", ";") && (bracket || !s.is(to, ",", "(", ".", ":", "-", "!") && (to == from || !s.clauseEnds(to))) {
			to++
		}
		if (at < from || at >= to) && (s.tellsNow(at, from, to) || s.dated(from, to) || s.states(from, to)) {
			s.mark(s.start, from, to)
		}
		if from = to; s.at(to).kind == mark {
			from++
		}
	}
}

// states reports whether a sentence of its own says how things are, beside one that says
// how they shall be: "...; we hear single words only".
func (s *sentence) states(from, to int) bool {
	if from == 0 || !s.is(from-1, ";", ".", "(", "-") || s.at(from-1).kind != mark || to-from < 2 {
		return false
	}
	aim := false
	for i := range from {
		aim = aim || s.is(i, "will", "shall", "to") || s.match("due", i) > i
	}
	for i := from; i < to; i++ {
		if s.is(i, "will", "shall", "should", "target", "must", "aim", "goal", "if", "when", "until", "unless", "then", "also", "review", "reviewed") || strings.HasSuffix(s.at(i).text, "'ll") || s.match("due", i) > i {
			return false
		}
	}
	if !aim {
		return false
	}
	if s.is(from-1, "(") && (s.present(from) && !s.counts(from) || s.is(from, "only", "none", "not", "no", "never", "still", "just", "nobody", "nothing")) {
		return true // (needs the model every time)
	}
	for i := from; i < to; i++ {
		if s.is(i, "he", "she", "it", "they", "we") && s.present(i+1) && !s.counts(i+1) {
			return true // with armbands she swims 5
		}
		if i > from && s.is(i+1, "him", "her", "them") && strings.HasSuffix(s.at(i).text, "s") && !s.counts(i) && s.at(i).kind == word && !s.is(i, "as", "his", "is", "this", "towards", "across") {
			return true // in Year 4 a helper pushes him
		}
		if s.is(i, "which", "who", "that", "because", "so", "while", "whenever", "as") {
			break
		}
	}
	i := from
	for s.is(i, "but", "and", "though", "although", "while", "as", "where") && i < to {
		i++
	}
	subject := i
	switch {
	case s.is(i, "he's", "she's", "they're", "it's", "we're", "hasn't", "isn't", "doesn't", "can't", "cannot", "won't", "didn't"):
		return true
	case s.is(i, "he", "she", "they", "it", "we", "i"):
		i++
	case s.is(i, "his", "her", "their", "my", "the", "an", "a"):
		for i++; i < subject+4 && i < to && !s.present(i); i++ {
		}
	case s.match("who", i) > i:
		i = s.match("who", i)
	case s.at(i).title && s.at(i).kind == word && s.match("weekday", i) == i:
		i++
	default:
		return false
	}
	for s.match("adverb", i) > i && i < to {
		i = s.match("adverb", i)
	}
	if i >= to || i == subject || s.counts(i) {
		return false
	}
	return s.present(i) || s.is(subject, "we", "i", "they") && s.anyVerb(i)
}

// counts reports whether the verb at i only says how it is judged, or by whom.
func (s *sentence) counts(i int) bool {
	for _, b := range s.at(i).bases {
		switch b {
		case "record", "measure", "monitor", "check", "judge", "note", "tick", "assess", "track", "log", "observe", "use", "count", "mean", "include", "agree", "repeat", "happen":
			return true
		}
	}
	return false
}

// present reports whether the word at i is a verb of what is, or was.
func (s *sentence) present(i int) bool {
	if s.is(i, "is", "are", "has", "have", "does", "do", "can", "cannot", "isn't", "aren't", "hasn't", "doesn't", "don't", "can't", "hear", "see") || s.wasVerb(i) {
		return true
	}
	w := s.at(i).text
	if s.at(i).kind != word || !strings.HasSuffix(w, "s") || strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "'s") {
		return false
	}
	return s.anyVerb(i) || s.is(i-1, "he", "she", "it") || s.is(i-1, "(") && s.is(i+1, "the", "a", "an", "every", "his", "her", "to", "for", "with", "at", "on", "in", "out", "off", "up", "when", "only", "about")
}

// dated reports whether a clause in brackets is a figure of some month: (12 in September).
func (s *sentence) dated(from, to int) bool {
	bracket := s.is(from-1, "(")
	if !bracket && from > 0 && !s.is(from-1, ",", ";", "-", ".", ":") {
		return false
	}
	figures, month := 0, false
	for i := from; i < to; i++ {
		if s.is(i, "by", "review", "due", "before", "until", "to") || s.match("to-come", i) > i {
			return false
		}
		if s.at(i).kind == figure && s.at(i).value < 2000 || s.is(i, "none", "never") {
			figures++
		}
		month = month || s.match("gone", i) > i || bracket && (s.match("month", i) > i || s.is(i, "year", "reception", "nursery", "term", "week") && i > from && s.is(i-1, "in", "this", "last", "at") || s.is(i, "autumn", "spring", "summer", "last", "check", "count") || s.match("gone", i) > i) || s.is(i, "in", "last") && (s.match("month", i+1) > i+1 || s.is(i+1, "the", "week"))
	}
	return month && figures > 0 && to-from > 2-figures
}

func (s *sentence) tellsNow(at, from, to int) bool {
	said, figures := false, false
	for i := from; i < to; i++ {
		if s.is(i, "will", "when", "if", "so", "which", "who", "to", "after", "before", "once", "until", "unless", "whenever") && i == from || s.is(i, "will") {
			return false
		}
		if s.is(i, "by") && s.match("due", i) > i || i == from && s.is(i-1, ":") && s.says("will") && !s.is(0, "baseline", "start", "now", "currently") {
			return false // the aim, or what is meant by it
		}
		figures = figures || s.at(i).kind == figure || s.is(i, "none", "no", "never", "once", "twice", "only", "not", "rarely", "sometimes", "seldom", "every", "all")
	}
	i := from
	for s.is(i, "and", "but", "as", "now", "where", "at", "present", "because", "only", "usually", "about", "he", "she", "they", "i", "it", "the", "pupil", "child", "learner", "student", "just", "mostly") && i < to {
		said = said || s.is(i, "now", "he", "she", "they", "i", "it", "pupil", "child", "learner", "student")
		i++
	}
	w := s.at(i).text
	past := s.wasVerb(i)
	if s.says("will") && i < to && (strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && s.anyVerb(i) || w == "can" || w == "cannot" || w == "can't") {
		return true // reads 12 words; will read 30
	}
	if at >= to && i < to && figures && strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") && s.at(i).kind == word && (s.is(i-1, "he", "she", "pupil", "child", "learner", "student") || i == from+1 && s.at(from).title && s.match("due", from) == from) {
		return true // he manages two, and will manage six
	}
	if s.is(from-1, "(") && figures && strings.HasSuffix(s.at(from).text, "ing") && to-from < 5 {
		return true // (reading 12)
	}
	return figures && i < to && (past || said && s.at(i).kind == word)
}

// choice reports whether "from" says from what something is chosen.
func (s *sentence) choice(i int) bool {
	if s.is(i+2, "metres", "meters", "feet", "m", "metre", "foot", "choices", "options", "pictures", "cards", "objects", "items", "o'clock", "different") && !s.laterTo(i+2) {
		return true
	}
	for j := range i {
		for _, b := range s.at(j).bases {
			switch b {
			case "count":
				if i-j < 4 {
					return true // count from 1 to 20
				}
			case "choose", "select", "pick", "find", "sort", "match", "identify", "point", "recognise":
				return !s.laterTo(i + 2)
			}
		}
	}
	return false
}

// moves reports whether the from at i is where something moves on from.
func (s *sentence) moves(i int) bool {
	for j := range i {
		if s.is(j, "will", "to") && s.match("scale-verb", j+1) > j+1 && !s.is(j+1, "make", "get") || s.is(j, "change", "changes", "go", "goes", "shift", "switch", "up", "progress", "progresses", "moves", "rises", "improves", "step") {
			return s.match("month", i+1) == i+1 && s.followedByTo(i)
		}
	}
	return false
}

// followedByTo reports whether a to follows.
func (s *sentence) followedByTo(i int) bool {
	for j := i + 2; j < len(s.toks); j++ {
		if s.is(j, "to") {
			return true
		}
	}
	return false
}

func (s *sentence) laterTo(i int) bool {
	for j := i; j < len(s.toks); j++ {
		if s.is(j, "to") && (s.at(j+1).kind == figure || s.is(j+1, "at") && s.at(j+3).kind == figure || s.is(j+1, "all", "every", "no", "none", "independent", "independently")) {
			return true
		}
	}
	return false
}

// figureAt reports whether the word at j is a figure that measures something.
func (s *sentence) figureAt(j int) bool {
	t := s.at(j)
	if j < 0 || j >= len(s.toks) || s.when[j] || s.start[j] {
		return false
	}
	if t.norm == "#:#" && t.kind == figure && (s.says("age") || s.says("ages")) {
		return true // a reading age of 7:2
	}
	if t.kind == figure || t.kind == word && strings.HasPrefix(t.norm, "#-") && !strings.HasSuffix(t.norm, "old") {
		for k := max(0, j-3); k <= j; k++ {
			if end := s.match("no-figure", k); end > j && !(s.is(k, "more") && s.is(k-1, "no")) {
				return false
			}
		}
		return true
	}
	return false
}

// measured reports whether something says when the target is reached.
func (s *sentence) measured() bool {
	for i := range s.toks {
		if s.when[i] || s.start[i] {
			continue
		}
		if s.figureAt(i) || s.is(i, "%", "½", "¾", "¼") {
			return true
		}
		end := s.match("figure", i)
		none := false
		for k := max(0, i-3); k < end; k++ {
			none = none || s.match("no-figure", k) >= max(end, k+1)
		}
		if end > i && !none {
			// "every lesson" and "always" in the words of a date are none
			return true
		}
	}
	return false
}

// quantity is a figure with the word it counts.
type quantity struct {
	value float64
	of    float64 // 0 where none
	unit  string
	at    int // its word
}

func (s *sentence) quantityAt(i int) (q quantity, ok bool) {
	t := s.at(i)
	q.at = i
	switch {
	case t.kind == figure && t.norm == "#":
		q.value = t.value
	case s.is(i, "once"):
		return quantity{value: 1, unit: "time", at: i}, true
	case s.is(i, "twice"):
		return quantity{value: 2, unit: "time", at: i}, true
	default:
		return q, false
	}
	if _, of, cut := strings.Cut(t.text, "/"); cut {
		q.of = decimal(of)
	}
	j := i + 1
	if s.is(j, "out") {
		j++
	}
	for k := j + 1; k < j+4 && s.at(k-1).kind == word && !s.is(k-1, "of", "in", "out", "to"); k++ {
		if s.is(k, "in") && s.at(k+1).kind == figure && s.match("month", k+2) == k+2 && s.match("length", k+1) == k+1 && s.match("unit", k+2) == k+2 { // 4 days in 5
			q.unit, q.of = strings.TrimSuffix(s.at(k-1).text, "s"), s.at(k+1).value
			return q, true
		}
		if s.is(k, "out") && s.is(k+1, "of") && s.at(k+2).kind == figure { // 4 lessons out of 5
			q.unit, q.of = strings.TrimSuffix(s.at(k-1).text, "s"), s.at(k+2).value
			return q, true
		}
	}
	if s.is(j, "of") || s.is(j, "in") && s.at(j+1).kind == figure {
		k := j + 1
		for s.is(k, "the", "first", "a", "his", "her", "possible") {
			k++
		}
		if s.at(k).kind == figure {
			q.of, j = s.at(k).value, k+1
		}
	}
	if s.is(j, "%", "per") || s.is(j, "percent") {
		q.unit = "%"
		return q, true
	}
	if u := s.at(j); u.kind == word {
		q.unit = strings.TrimSuffix(strings.TrimSuffix(u.text, "'"), "s")
	}
	return q, true
}
