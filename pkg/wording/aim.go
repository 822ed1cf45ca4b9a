package wording

import "strings"

// otherClause reports whether, beside an aim with its day, there is a sentence or a bracket
// more. What it says is nearly always how things are, in whatever words.
func (s *sentence) otherClause(at int) bool {
	for i := range min(at, len(s.toks)) { // Harry, whose frame is what he walks with, will
		if s.is(i, "whose", "who", "which") && i > 0 && s.is(i-1, ",") && !s.reproaches(i, at) {
			return true
		}
	}
	for i := 1; i < len(s.toks); i++ {
		if i > at && s.beyond(i) || s.bracketed(i) {
			return true
		}
	}
	for i := 1; i < len(s.toks); i++ { // 2 a lesson by March, 0 as we write
		if s.is(i-1, ",") && (s.at(i).kind == figure || s.is(i, "none", "never", "once", "twice")) && s.evidence(i) && s.figuresIn(0, i) {
			return true
		}
	}
	for from := 0; from < len(s.toks); {
		to := from
		for to < len(s.toks) && !(s.at(to).kind == mark && s.is(to, ";", ".", "-", "(", ")", ":") && (len(s.at(to-1).text) > 1 || !s.is(to, ".")) && (from == 0 || !s.is(to, ":"))) {
			to++
		}
		beside := (from > 0 || at >= to || s.dueElsewhere(from, to)) && (at < len(s.toks) || s.tellsOutside(from, to))
		short := to-from == 2 && (s.figures(from, to) || s.match("who", from) > from && s.present(from+1))
		if (to-from > 2 || short) && beside && (at < from || at >= to) && !s.comes(from, to) && !s.judged(from, to) && !s.vagueIn(from, to) {
			return true
		}
		from = to + 1
	}
	return false
}

// reproaches reports whether the clause from i to the verb at finds fault with the learner:
// Finn, who fails to make friends, will.
func (s *sentence) reproaches(i, at int) bool {
	for ; i < at && !s.is(i, ","); i++ {
		if s.match("deficit", i) > i {
			return true
		}
	}
	return false
}

// reproached gives the end of a first clause that only finds fault with the learner: As he
// is so lazy, or: Finn, who fails to make friends, ... It tells nothing of how things are.
func (s *sentence) reproached() int {
	fault := false
	for i := 0; i < len(s.toks) && s.at(i).kind != figure; i++ {
		fault = fault || s.match("deficit", i) > i
		switch {
		case !s.is(i, ",") || !fault && s.is(i+1, "who", "whose"):
		case !fault:
			return 0
		case s.is(i+1, "so"):
			return i + 2
		default:
			return i + 1
		}
	}
	return 0
}

// roomBeside reports whether, beside what it is about, the sentence has room for something
// told in words that no list knows: a mark in its midst, or a word that joins a clause or
// tells of what is. However long it is, without either it says one thing only.
func (s *sentence) roomBeside() bool {
	for i := s.reproached(); i < len(s.toks)-1; i++ {
		switch {
		case s.when[i], s.is(i, "than") && s.is(i-1, "more", "fewer", "less"):
		case s.is(i, ";", ":", "(", "[", "-", ".", ">", "+", "*", "|", "=", "!", "?"):
			return true
		case s.is(i, ",") && !(i > 0 && s.when[i-1]) && !s.when[i+1] && !s.is(i+1, "every", "each", "both"):
			return true
		case s.is(i, "from") && !s.choice(i), s.is(i, "where", "whose", "while", "whilst", "whereas", "but", "although", "though", "because", "than", "instead", "rather", "unlike", "against", "compared", "as", "so", "since",
			"now", "still", "only", "yet", "has", "have", "had", "was", "were", "is", "are", "can", "cannot"):
			return true
		}
	}
	return false
}

// bracketed reports whether a figure stands in brackets at i, beside another before them:
// 2 fruits by Easter (0).
func (s *sentence) bracketed(i int) bool {
	if !s.is(i, "(", "[") || !s.figuresIn(0, i) {
		return false
	}
	for j := i + 1; j < len(s.toks) && !s.is(j, ")", "]"); j++ {
		if s.is(j, "in", "times", "lessons", "days", "sessions", "e", "eg", "such", "or", "at", "least", "over", "page", "see", "year") {
			return false
		}
		if s.at(j).kind == figure {
			return true
		}
	}
	return false
}

// tellsOutside reports whether outside the words something is told beside by when.
func (s *sentence) tellsOutside(from, to int) bool {
	words := 0
	for i := range s.toks {
		if (i < from || i >= to) && !s.when[i] && s.at(i).kind != mark {
			words++
		}
	}
	return words > 1
}

// beyond reports whether a clause after a comma tells of what is or was, with a subject of
// its own or a verb in the form of what is: I've only done short ones, sits at grade 2.
func (s *sentence) beyond(i int) bool {
	if !s.is(i-1, ",") || s.start[i] {
		return false
	}
	if s.is(i, "he's", "she's", "they're", "i've", "he'd", "she'd", "i'm", "it's", "we're", "we've") {
		return true
	}
	and := s.is(i, "and")
	if s.is(i, "but", "as", "though", "although", "where", "because", "while", "and", "so") {
		i++
	}
	if s.is(i, "he", "she", "they", "it", "i", "mum", "dad", "we") {
		for i++; s.match("adverb", i) > i; i++ {
		}
		return s.present(i) && !s.is(i, "will") && !s.counts(i)
	}
	return !and && s.is(i, "sits", "stands", "is", "was", "has", "had", "does", "did", "needs", "gets", "got", "manages", "takes", "took", "managed", "scores", "scored", "cannot", "can't", "doesn't", "isn't", "used", "started", "starting", "averaging", "having", "none", "nothing", "nobody", "only", "still", "never", "usually", "often", "mostly", "always", "mainly") &&
		!s.is(i+1, "adult", "help", "prompt", "prompts", "more", "adults", "reminder", "reminders", "mistakes", "fewer", "less", "support", "one")
}

// evidence reports whether the clause at i names what it was counted in: our practice check.
func (s *sentence) evidence(i int) bool {
	for ; i < len(s.toks) && !s.is(i, ",", ";", ".", ")"); i++ {
		if s.match("tally", i) > i {
			return true
		}
	}
	return false
}

// vagueIn reports whether the words begin with what nobody can see: a second target.
func (s *sentence) vagueIn(from, to int) bool {
	return s.vagueAt(from) || s.vagueAt(s.skip(from))
}

// judged reports whether the words say how it is judged, or what else is to come.
func (s *sentence) judged(from, to int) bool {
	for i := from; i < to; i++ {
		if s.match("deficit", i) > i {
			return true
		}
	}
	if s.past(from, to) || s.is(to-1, "no", "not", "yes", "never", "none", "yet", "still") {
		return false
	}
	if s.is(from, "e", "eg", "such", "for", "also", "then", "and", "with", "using", "that", "i", "as", "at", "in", "out", "over", "measured", "without", "independently", "by", "when", "if", "including", "like") {
		return true
	}
	if s.anyVerb(from) && !s.figures(from, to) { // tidies away more of his things: another aim
		for i := from; i < to; i++ {
			if s.match("comparative", i) > i {
				return true
			}
		}
	}
	for i := from; i < to; i++ {
		if s.is(i+1, "shows", "says", "has", "had", "gives", "tells", "showed", "said", "stands", "reads", "puts", "wrote", "counted") {
			return false // the log shows
		}
		if s.counts(i) && (i == from || strings.HasSuffix(s.at(i).text, "ed") && !s.is(i-1, "he", "she", "they", "i", "we")) {
			return true
		}
	}
	return false
}

// compared reports whether it is only to be more, or better, than now.
func (s *sentence) compared() bool {
	for i := range s.toks {
		if s.start[i] || s.when[i] {
			continue
		}
		if s.match("comparative", i) > i {
			return true
		}
	}
	return false
}

// aimVerb finds the verb outside what says where the learner is now, or gives at where
// there is none but a name and a figure.
func (s *sentence) aimVerb(at int) int {
	for i := range s.toks {
		if s.start[i] || s.when[i] || s.at(i).kind != word {
			continue
		}
		if v := s.skip(i); s.anyVerb(v) && !s.start[v] && (strings.HasSuffix(s.at(v).text, "s") || s.is(i-1, "to", "will", ",", ":", ".", ";", "he", "she", "they", "i")) {
			return v
		}
	}
	if s.measured() {
		return len(s.toks)
	}
	return at
}
