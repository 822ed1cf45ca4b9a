package wording

import "strings"

// target judges the sentence as what a learner will do.
func (s *sentence) target(given Given) []Fault {
	at, adult := s.verb()
	if i, end, ok := s.isProvision(at, adult); ok {
		return []Fault{s.fault(IsProvision, i, end, "")}
	}
	s.markStart(at)
	s.markWhen()
	if at < len(s.toks) && s.start[at] && !marked(s.when[:at]) {
		at = s.aimVerb(at) // that verb only said where the learner is now
	}
	var out []Fault
	started := marked(s.start)
	if !started {
		started = s.otherClause(at)
	}
	measured := started && s.measured()
	months := s.months() > 1 // one of them is where it starts and one by when: Sept 3, March 15
	verbs := s.verbs(at)
	for n, v := range verbs {
		if i, end, instead, ok := s.vague(v); ok && (n == 0 || s.match("half-vague", v) == v) && !s.carried(verbs, n) && !(measured && s.borneOut(v, end)) {
			out = append(out, s.fault(VagueVerb, i, end, instead))
			break
		}
	}
	if !given.Measure && !s.measured() && (len(out) > 0 || !started || !marked(s.when) || s.compared()) {
		out = append(out, s.fault(NoMeasure, 0, 0, ""))
	}
	if given.Baseline == "" && !given.Start && !started && !months && !s.mayTell(18) {
		out = append(out, s.fault(NoBaseline, 0, 0, ""))
	}
	if !given.Date && !marked(s.when) && !months && !s.tellsMuch(26) {
		out = append(out, s.fault(NoDate, 0, 0, ""))
	}
	if i, end, ok := s.double(verbs); ok {
		out = append(out, s.fault(Double, i, end, ""))
	}
	if s.notAbove(given) {
		out = append(out, s.fault(NotAboveBaseline, 0, 0, ""))
	}
	return out
}

// carried reports whether the verb at n shares what follows with the next, which can be
// seen: know and use 20 words.
func (s *sentence) carried(verbs []int, n int) bool {
	if n+1 < len(verbs) && !s.vagueAt(verbs[n+1]) && s.match("vague-verb", verbs[n]) > verbs[n] {
		for i := verbs[n+1] + 1; i < verbs[n+1]+4; i++ {
			if s.is(i, "it", "them", "this", "these") {
				return true // know the fare and ask for it
			}
		}
	}
	if n+1 < len(verbs) && verbs[n+1] == verbs[n]+3 && s.is(verbs[n]+1, "of", "about", "at", "to", "with", "on") && s.is(verbs[n]+2, "and") && !s.vagueAt(verbs[n+1]) {
		return true
	}
	return n+1 < len(verbs) && verbs[n+1] == verbs[n]+2 && s.is(verbs[n]+1, "and") && !s.vagueAt(verbs[n+1]) && s.match("scale-verb", verbs[n]) == verbs[n]
}

// marked reports whether any of the words is marked.
func marked(marks []bool) bool {
	for _, m := range marks {
		if m {
			return true
		}
	}
	return false
}

// verb finds the verb of the sentence, after will or to, or the first; adult says that
// an adult is its subject. It is len(s.toks) where there is none.
func (s *sentence) verb() (at int, adult bool) {
	none := len(s.toks)
	for i := range s.toks {
		t := s.at(i).text
		if t == "will" || t == "shall" || strings.HasSuffix(t, "'ll") || t == "won't" {
			return s.skip(i + 1), s.adultBefore(i, t)
		}
	}
	for i := range s.toks {
		// what is wanted, after what is: I did it in 9 and I want to do it in 7
		if s.is(i, "want", "wants", "aim", "aims", "hope", "hopes", "plan", "plans", "going", "like", "needs") && s.is(i+1, "to") && s.at(i+2).kind == word && !(s.is(i, "like") && !s.is(i-1, "would")) {
			return s.skip(i + 2), s.adultBefore(i, "") && !s.is(i-1, "we")
		}
	}
	for i := range s.toks {
		if i > 8 {
			break
		}
		if s.is(i, "can", "could", "should", "must") {
			return s.skip(i + 1), s.adultBefore(i, "")
		}
	}
	if w := s.at(0).text; strings.HasSuffix(w, "s") && s.domain(0) != "" && s.anyVerb(0) && !s.is(1, "to", "will", "of", "from", "at", "in", "per", "-", ":") {
		return 0, false // Reads letters a to j
	}
	for i := range s.toks {
		if i > 12 {
			break
		}
		if i > 0 && s.is(i, "to") && s.at(i+1).kind == word && s.name(i-1) && s.anyVerb(s.skip(i+1)) && (i == 1 || s.at(i-2).kind == mark || s.endsDay(i-1)) {
			return s.skip(i + 1), false // By 31 January, Nathan to come
		}
		if i > 6 {
			continue
		}
		if s.is(i, "to") && (i == 0 || s.subject(i)) && s.at(i+1).kind == word && !s.at(i+1).title && !s.is(i+1, "the", "a", "an", "his", "her", "their", "my") {
			return s.skip(i + 1), i > 0 && s.adultBefore(i, "to")
		}
	}
	clause := 0
	for clause < len(s.toks) {
		i := clause
		if s.match("learner", i) > i && !s.is(i, "his", "her", "their", "my") {
			i = s.match("learner", i)
		} else if s.is(i, "the", "this", "each") && s.match("learner", i+1) > i+1 {
			i = s.match("learner", i+1)
		} else if s.at(i).title && i == 0 && s.at(1).kind == word && s.anyVerb(1) && strings.HasSuffix(s.at(1).text, "s") && !s.anyVerb(0) && !s.is(2, "to", "now", "in", "from") {
			i = 1 // Maya reads
		}
		i = s.skip(i)
		if s.anyVerb(i) || s.is(i-1, "he", "she") && strings.HasSuffix(s.at(i).text, "s") && !s.is(i, "is", "was", "has", "does") && s.at(i).kind == word {
			return i, s.adultBefore(i, "")
		}
		next := none // after a comma: By Easter, reads 40 words
		for j := clause; j < len(s.toks) && j < 12; j++ {
			if s.is(j, ",", ":") {
				next = j + 1
				break
			}
		}
		if clause = next; clause >= none {
			break
		}
	}
	for i := 1; i < min(none, 10); i++ { // By July finish his work
		if s.endsDay(i) && s.anyVerb(s.skip(i)) && (s.match("noun-or-verb", i) == i || s.is(i+1, "his", "her", "their", "my", "a", "the", "all")) {
			return s.skip(i), false
		}
	}
	for i := 1; i < min(none, 10); i++ { // By 12 February Maya reads
		if (s.at(i-1).title && s.at(i-1).kind == word || s.match("learner", i-1) > i-1) && strings.HasSuffix(s.at(i).text, "s") && s.anyVerb(i) || s.is(i-1, "he", "she") && strings.HasSuffix(s.at(i).text, "s") && !s.is(i, "is", "was", "has", "does") {
			return i, s.adultBefore(i, "")
		}
	}
	return none, false
}

// subject reports whether what stands before i is who is spoken of, and no sentence yet.
func (s *sentence) subject(i int) bool {
	for j := range i {
		if s.at(j).kind == figure && (s.is(j+1, "minutes", "seconds", "times", "mins", "hours", "steps") || s.is(j+1, "prompts", "reminders", "attempts")) && j+2 >= i {
			return false // takes ten minutes to settle
		}
		if j == i-1 && strings.HasSuffix(s.at(j).text, "s") && s.match("scale-verb", i+1) > i+1 {
			continue // late marks to drop
		}
		if s.at(j).kind == mark || s.anyVerb(j) && s.at(j).kind == word && !s.at(j).title && s.match("who", j) == j && s.match("learner", j) == j {
			return false
		}
	}
	return true
}

// endsDay reports whether what tells by when ends before i.
func (s *sentence) endsDay(i int) bool {
	for j := range i {
		if s.match("due", j) == i {
			return true
		}
	}
	return false
}

// skip leaves out what stands between will and the verb that counts.
func (s *sentence) skip(i int) int {
	for {
		if s.is(i, "have") && s.participle(i+1) {
			i++
			continue
		}
		if end := s.match("lead-in", i); end > i && end < len(s.toks) {
			i = end
			continue
		}
		if end := s.match("adverb", i); end > i && end < len(s.toks) {
			i = end
			continue
		}
		return i
	}
}

// participle reports whether the word at i is what stands after have: made, become, read.
func (s *sentence) participle(i int) bool {
	w := s.at(i).text
	if s.at(i).kind != word || s.at(i+1).kind == 0 {
		return false
	}
	if _, ok := irregular(w); ok {
		return true
	}
	switch w {
	case "become", "begun", "grown", "built", "learnt", "met", "shown", "overcome", "found", "come", "read", "eaten", "spoken", "sat", "put", "won", "left":
		return true
	case "increased", "improved", "developed", "reduced", "raised": // have improved self-esteem
		return s.is(i+1, "his", "her", "their", "my", "the", "to", "by", "in", "from")
	case "limited", "extended", "varied", "balanced", "need":
		return false
	}
	return strings.HasSuffix(w, "ed") && len(w) > 4
}

func (s *sentence) anyVerb(i int) bool {
	if s.at(i).kind != word {
		return false
	}
	if s.is(i, "be") {
		return true
	}
	for _, l := range []string{"vague-verb", "scale-verb", "read-verb", "write-verb", "number-verb", "speak-verb", "body-verb", "social-verb", "care-verb", "attend-verb", "task-verb", "calm-verb"} {
		if s.match(l, i) > i {
			return !gerund(s.at(i).text)
		}
	}
	return false
}

// gerund reports whether a verb ends as reading does, and not as bring.
func gerund(w string) bool {
	return strings.HasSuffix(w, "ing") && w != "bring" && w != "sing" && w != "swing" && w != "string" && w != "cling"
}

// adultBefore reports whether an adult is the subject that ends before i.
func (s *sentence) adultBefore(i int, aux string) bool {
	if strings.HasPrefix(aux, "we'") {
		return true
	}
	if s.name(i-1) && i > 1 && s.match("who", i-2) == i-2 && s.match("loose-who", i-2) == i-2 && !s.is(i-2, "and", "&", "by") && s.at(i-2).kind == word && (!s.at(i-2).title || s.endsDay(i-1)) {
		return false // we have agreed that Lenny will
	}
	from := 0
	for j := range i {
		if s.is(j, ",", ";", ":") {
			from = j + 1
		}
	}
	for j := i - 1; j >= from && j >= i-2; j-- {
		if s.is(j, "he", "she", "they", "i", "who", "him", "her", "them", "pupil", "child", "learner", "student") {
			return s.is(j, "who") && j > 0 && s.adultAt(from, j)
		}
	}
	return s.adultAt(from, i)
}

func (s *sentence) adultAt(from, i int) bool {
	for j := from; j < i; j++ {
		for _, l := range []string{"who", "loose-who"} {
			end := s.match(l, j)
			if end == j {
				continue
			}
			if end >= i-1 || j <= from+1 {
				// "with mum" and "without a TA" are no subject
				if j > 0 && s.is(j-1, "with", "without", "by", "from", "to", "of", "for") || j > 1 && s.is(j-2, "with", "without", "by", "to", "of", "for", "from") {
					continue
				}
				return true
			}
		}
	}
	return false
}

// isProvision reports whether the target says what is given.
func (s *sentence) isProvision(at int, adult bool) (from, to int, ok bool) {
	if adult && !s.wished(at) {
		return 0, min(at+1, len(s.toks)), true
	}
	if end := s.match("find-for", 0); end > 0 && !s.figured(0) {
		return 0, end, true
	}
	if end := s.match("have-thing", at); end > at && !s.measured() {
		return at, end, true
	}
	if end := s.match("give", 0); end > 0 && at > 1 && !s.says("will") && s.adultsAct(0, end) {
		return 0, end, true
	}
	if s.is(0, "a", "an", "the") && !s.says("will") && !s.says("by") && !s.figured(0) { // a quiet space for Ruby
		for i := 1; i < 5; i++ {
			if s.is(i, "for", "to", "with", "of", ",", "in", "on") {
				break
			}
			if (s.match("thing", i) > i || s.match("offering", i) > i || s.is(i, "space", "place", "area", "room")) && s.is(i+1, "for", "to", "on", "in") {
				return 0, i + 1, true
			}
		}
	}
	if at < len(s.toks) {
		if i, end, ok := s.done(at); ok {
			return i, end, true
		}
		for _, i := range []int{at, at - 1} {
			if i < 0 {
				continue
			}
			if end := s.match("given", i); end > i && !s.is(i+1, "himself", "herself", "themselves", "themself") && !s.counted(end) && !s.allOf(i, end) && !(s.is(i, "need", "needs", "require", "requires") && (s.says("only") || s.has("now"))) &&
				!(s.is(end-1, "group", "groups") && s.is(end, "game", "games", "task", "tasks", "discussion", "discussions", "work", "activity", "activities", "talk", "talks", "songs", "story")) {
				return i, end, true
			}
		}
		plain := at == 0 || s.is(0, "to") && at == 1
		if end := s.match("give", at); end > at && plain && s.adultsAct(at, end) {
			return at, end, true
		}
		if plain && !strings.HasSuffix(s.at(at).text, "s") && s.nounPhrase() {
			return s.find("offering", 0)
		}
		return 0, 0, false
	}
	if end := s.match("give", 0); end > 0 {
		return 0, end, true
	}
	if i, end, ok := s.find("offering", 0); ok && (i < 2 || i < 4 && s.is(i-1, "of")) && !s.outcome(end) {
		return i, end, true
	}
	if s.has("due") || s.has("now") || s.hasDay() {
		return 0, 0, false
	}
	if i, end, ok := s.find("offering", 0); ok {
		return i, end, true
	}
	if i, end, ok := s.find("who", 0); ok && !s.is(i-1, "without") && !s.later(i) {
		return i, end, true
	}
	if i, end, ok := s.find("service", 0); ok {
		return i, end, true
	}
	return 0, 0, false
}

// wished reports whether adults only say what they want of the learner: we will get her to
// 85%, we want him to read.
func (s *sentence) wished(at int) bool {
	return (s.is(at, "get", "see", "have", "like", "want", "love") || s.is(at-1, "get", "see", "have", "like", "want")) && (s.is(at+1, "him", "her", "them") || s.at(at+1).title && s.at(at+1).kind == word) && s.figured(at)
}

// later reports whether i stands in a sentence after the first.
func (s *sentence) later(i int) bool {
	for j := range i {
		if s.is(j, ";", ".", "(") && j > 1 {
			return true
		}
	}
	return false
}

// outcome reports whether a sentence that begins with what is given, up to end, counts
// something of it: sessions attended, 8 of 10 sessions.
func (s *sentence) outcome(end int) bool {
	for i := range s.toks {
		if s.is(i, "%", "now", "none", "never", "yet", "currently", "from", "without", "out", "baseline", "target", "independently", ";", ":", "score", "scores", "alone", "unaided") && !(s.is(i, "from") && s.at(i+1).kind != figure) || i >= end && i < end+3 && s.wasVerb(i) && !s.is(i, "delivered", "arranged", "provided", "used", "planned") {
			return true
		}
	}
	return false
}

// done finds what an adult does to the learner: be met at the gate by a mentor.
func (s *sentence) done(at int) (from, to int, ok bool) {
	if !s.is(at, "be") {
		return 0, 0, false
	}
	if end := s.match("bought-or-booked", at+1); end > at+1 && !s.is(0, "he", "she", "they", "i") {
		return at, end, true
	}
	if end := s.match("made-easier", at+1); end > at+1 {
		for j := range at {
			if s.match("task-given", j) > j {
				return j, end, true
			}
		}
	}
	if end := s.match("seen-to", at+1); end > at+1 {
		for j := range at {
			if s.match("offering", j) > j || s.match("office", j) > j {
				return j, end, true
			}
		}
	}
	w := s.at(at + 1).text
	if !strings.HasSuffix(w, "ed") && !strings.HasSuffix(w, "en") && !s.is(at+1, "met", "taught", "put", "kept", "led", "read", "sat") {
		return 0, 0, false
	}
	for i := at + 2; i < len(s.toks); i++ {
		if !s.is(i, "by", "with") {
			continue
		}
		for j := i + 1; j < i+3; j++ {
			if s.match("who", j) > j || s.match("loose-who", j) > j {
				return at, at + 2, true
			}
		}
	}
	return 0, 0, false
}

func (s *sentence) says(w string) bool {
	for i := range s.toks {
		if s.is(i, w) {
			return true
		}
	}
	return false
}

// counted reports whether what follows counts what the learner needs: "be reminded no
// more than twice" is a measure, and nothing given.
func (s *sentence) counted(i int) bool {
	for j := i - 2; j < i+2; j++ {
		if s.is(j, "fewer", "less", "only", "never", "without") || s.is(j, "no") || s.is(j, "at") && s.is(j+1, "most") {
			return true
		}
	}
	return false
}

// allOf reports whether from i to end it counts what is gone to: attend every session.
func (s *sentence) allOf(i, end int) bool {
	for ; i < end; i++ {
		if s.is(i, "every", "all", "each") {
			return s.is(end-1, "session", "sessions", "lesson", "lessons", "appointment", "appointments", "practice")
		}
	}
	return false
}

// adultsAct reports whether a sentence that begins with such a verb asks it of adults:
// "provide", or "help him to".
func (s *sentence) adultsAct(at, end int) bool {
	switch lemmas(s.at(at).text)[0] {
	case "provide", "ensure", "support", "teach", "pre-teach", "encourage", "allow", "monitor", "refer", "seat", "liaise", "deliver", "arrange", "scaffold",
		"differentiate", "facilitate", "enable", "implement", "introduce", "adapt", "model", "reinforce", "promote", "establish", "assign", "signpost", "consult", "reward", "chunk", "supply", "withdraw":
		return true
	}
	if end > at+1 && !s.is(at, "help") {
		return true
	}
	return s.is(end, "him", "them", "her", "the") && (s.is(end, "him", "them") || s.is(end+1, "to", "pupil", "child", "learner", "student", "a", "extra", "time", "with", "when", "at", "if"))
}

// nounPhrase reports whether the sentence is no sentence but the name of something given.
func (s *sentence) nounPhrase() bool {
	return s.match("offering", 0) > 0 || s.match("offering", 1) > 1 && s.is(0, "daily", "weekly", "extra", "small", "regular", "additional", "more")
}

// verbs are the places of the verbs that one subject does: at, and those coordinated with it.
func (s *sentence) verbs(at int) []int {
	out := []int{at}
	if at >= len(s.toks) {
		return out
	}
	third := strings.HasSuffix(s.at(at).text, "s") && len(lemmas(s.at(at).text)) > 1 && !s.is(at-1, "will", "to")
	for i := at + 1; i < len(s.toks); i++ {
		if s.is(i, ".") && len(s.at(i-1).text) > 1 && s.at(i+1).title {
			break // another sentence
		}
		if s.start[i] {
			continue
		}
		joined := s.is(i, "and", "&", "plus", "then") || s.is(i, ";") || s.is(i, ",") && s.is(i+1, "and", "then") || s.is(i, "well") && s.is(i+1, "as") && s.is(i-1, "as")
		if s.is(i, "while", "whilst") && s.is(i+1, "also") && strings.HasSuffix(s.at(i+2).text, "ing") {
			out = append(out, i+2)
			continue
		}
		if !joined {
			continue
		}
		if s.is(i, ",") && s.is(i+1, "and") {
			i++
		}
		if v, ok := s.laterWill(i); ok {
			out = append(out, v)
			i = v
			continue
		}
		j := i + 1
		sure := false
		for s.is(j, "and", "then", "also", "will", "to", "he", "she", "they", "i", "can", "as", "be", "able", "even") && j < len(s.toks) {
			sure = sure || s.is(j, "will", "to")
			if s.is(j, "be") && !s.is(j+1, "able") {
				break
			}
			j++
		}
		if k := s.skip(j); k > j && s.match("lead-in", j) > j {
			j, sure = k, true
		}
		j = s.skip(j)
		if s.start[min(j, len(s.toks)-1)] {
			continue
		}
		if s.is(i, "well") && strings.HasSuffix(s.at(j).text, "ing") {
			out = append(out, j)
			continue
		}
		if sure && s.at(j).kind == word && !function(s.at(j).text) && !s.is(j, "the", "a", "an", "his", "her", "their", "my", "him", "them", "each") || s.conjunct(j, third) {
			out = append(out, j)
			i = j
		}
	}
	return out
}

// laterWill finds the verb of a second will that the words after and only set the time or
// the place of: and in the same week will play.
func (s *sentence) laterWill(i int) (int, bool) {
	for j := i + 2; j < i+9 && j < len(s.toks); j++ {
		if s.at(j).kind == mark && !s.is(j, ",") || s.is(j, "he", "she", "they", "and", "that", "who", "which") || s.start[j] {
			return 0, false
		}
		if s.is(j, "will") {
			if v := s.skip(j + 1); s.is(i+1, "in", "at", "on", "during", "over", "by", "within", "from", ",") && s.at(v).kind == word {
				return v, true
			}
			return 0, false
		}
	}
	return 0, false
}

// conjunct reports whether the word at j is a verb in the form of the one before.
func (s *sentence) conjunct(j int, third bool) bool {
	if !s.anyVerb(j) && s.match("vague-state", j) == j {
		// a word we do not know is a verb where what it does something to follows
		return !third && s.at(j).kind == word && len(s.at(j).text) > 1 && !function(s.at(j).text) && !strings.HasSuffix(s.at(j).text, "ing") && (!strings.HasSuffix(s.at(j).text, "s") || strings.HasSuffix(s.at(j).text, "ss")) &&
			(s.at(j+1).kind == figure || s.is(j+1, "a", "an", "the", "his", "her", "their", "my"))
	}
	w := s.at(j).text
	base := lemmas(w)
	if third {
		if !strings.HasSuffix(w, "s") {
			return false
		}
		w = base[min(1, len(base)-1)]
		for _, b := range base[1:] {
			if s.words.lists["noun-or-verb"].first[b] != nil {
				w = b
			}
		}
	} else if len(base) > 1 && strings.HasSuffix(w, "s") && w != "express" && !strings.HasSuffix(w, "ss") {
		return false
	} else if strings.HasSuffix(w, "ed") && w != "need" && w != "feed" && w != "shed" {
		return false
	}
	if s.words.lists["noun-or-verb"].first[w] == nil {
		return true
	}
	if s.match("vague-verb", j) > j+1 {
		return true // make progress
	}
	if s.is(j, "stop", "stops") && strings.HasSuffix(s.at(j+1).text, "ing") {
		return true
	}
	return s.at(j+1).kind == figure || s.is(j+1, "a", "an", "the", "his", "her", "their", "my", "both", "no", "to", "it", "them", "in", "at", "for", "with", "up", "out", "each", "all", "every", "on", "aloud", "another",
		"when", "back", "about", "still", "quietly", "one", "others", "together", "safely", "calmly", "off", "away", "into", "down", "without", "himself", "herself", "friends", "more", "better", "some", "other", "correctly",
		"independently", "within", "from", "after", "before", "through", "under", "over", "again", "along", "around", "simple", "by", "home", "school", "what", "who", "how", "happily", "nicely", "alongside", "games", "questions", "homework", "work", "turns", "", ".")
}

// function reports whether a word joins others, and is no verb.
func function(w string) bool {
	switch w {
	case "with", "in", "to", "at", "on", "for", "from", "by", "all", "both", "when", "not", "that", "then", "if", "of", "as", "or", "so", "also", "one", "during", "after", "before", "up", "over", "under", "into", "without", "within", "only",
		"between", "about", "around", "through", "using", "half", "once", "twice", "across", "because", "while", "what", "how", "why", "where", "who", "than", "more", "most", "at least", "least", "until", "even", "just", "every", "each":
		return true
	}
	return false
}
