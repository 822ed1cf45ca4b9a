package wording

import "strings"

// sentence is a text cut up, and what has been found out about its words.
type sentence struct {
	words *lexicon
	toks  []token
	// Figures that say when, or where the learner starts, are no measure.
	when, start []bool
	// How many words the longest term has, by word and list, plus one; most is asked many
	// times.
	lengths []uint8
}

func newSentence(text string) *sentence {
	s := &sentence{words: shipped(), toks: tokens(text)}
	for i := range s.toks {
		t := &s.toks[i]
		t.lists = s.words.always
		t.lists.union(s.words.begin[t.text])
		if t.norm != t.text {
			t.lists.union(s.words.begin[t.norm])
		}
		if t.kind == word || t.kind == figure {
			t.bases = lemmas(t.text)
			for _, base := range t.bases {
				t.lists.union(s.words.verb[base])
			}
		}
	}
	s.when, s.start = make([]bool, len(s.toks)), make([]bool, len(s.toks))
	s.lengths = make([]uint8, len(s.toks)*len(s.words.lists))
	return s
}

func (s *sentence) at(i int) token {
	if i < 0 || i >= len(s.toks) {
		return token{}
	}
	return s.toks[i]
}

// is reports whether the word at i is one of these.
func (s *sentence) is(i int, words ...string) bool {
	t := s.at(i).text
	for _, w := range words {
		if t == w {
			return true
		}
	}
	return false
}

// match is the end of the longest term of a list that begins at i, or i where none does.
func (s *sentence) match(list string, i int) int {
	l := s.words.lists[list]
	if l == nil {
		panic("no word list " + list)
	}
	return s.longest(l, i)
}

func (s *sentence) longest(l *list, i int) int {
	if i < 0 || i >= len(s.toks) || !s.toks[i].lists.has(l.number) {
		return i
	}
	known := &s.lengths[i*len(s.words.lists)+l.number]
	if *known == 0 {
		*known = uint8(s.search(l, i) - i + 1)
	}
	return i + int(*known) - 1
}

// search tries every term that may begin at i.
func (s *sentence) search(l *list, i int) int {
	best := i
	try := func(t term, skip int) {
		if end := s.rest(t, skip, i+skip); end > best {
			best = end
		}
	}
	t := &s.toks[i]
	if l.verbs {
		for _, base := range t.bases {
			for _, x := range l.first[base] {
				try(x, 1)
			}
		}
	} else {
		for _, x := range l.first[t.text] {
			try(x, 1)
		}
		if t.norm != t.text {
			for _, x := range l.first[t.norm] {
				try(x, 1)
			}
		}
	}
	for _, x := range l.nested[t.text] {
		try(x, 0)
	}
	if t.norm != t.text {
		for _, x := range l.nested[t.norm] {
			try(x, 0)
		}
	}
	for _, x := range l.loose {
		try(x, 0)
	}
	return best
}

// rest matches the elements of t from e on against the words from i on, and gives the
// end, or -1.
func (s *sentence) rest(t term, e, i int) int {
	if e == len(t) {
		return i
	}
	best := -1
	if end := s.element(t[e], i); end > i {
		best = s.rest(t, e+1, end)
	}
	if t[e].optional {
		best = max(best, s.rest(t, e+1, i))
	}
	return best
}

func (s *sentence) element(e element, i int) int {
	if i >= len(s.toks) {
		return i
	}
	t := &s.toks[i]
	best := i
	for _, a := range e.alts {
		end := i
		switch a.kind {
		case literal:
			if t.text == a.text || t.norm == a.text {
				end = i + 1
			}
		case prefix:
			if strings.HasPrefix(t.text, a.text) {
				end = i + 1
			}
		case number:
			if t.kind == figure && t.norm != "#:#" || t.kind == ordinal {
				end = i + 1
			}
		case anyWord:
			if t.kind != mark && !gapEnd(t.text) {
				end = i + 1
			}
		case nested:
			end = s.nested(a.text, i)
		}
		best = max(best, end)
	}
	return best
}

// gapEnd are words over which no gap reaches: another phrase begins there.
func gapEnd(w string) bool {
	switch w {
	case "without", "no", "not", "fewer", "than", "by", "until", "because", "so", "unless", "will":
		return true
	}
	return false
}

func (s *sentence) nested(name string, i int) int {
	t := s.at(i)
	switch name {
	case "date":
		if t.kind == day {
			return i + 1
		}
		return i
	case "clock":
		if t.kind == clock || t.kind == figure && strings.Contains(t.text, ".") {
			return i + 1
		}
		return i
	case "name":
		if t.title && t.kind == word {
			return i + 1
		}
		return i
	case "dash":
		if t.kind == mark && t.text == "-" {
			return i + 1
		}
		return i
	}
	return s.match(name, i)
}

// find gives the first place from i on at which a term of the list stands.
func (s *sentence) find(list string, i int) (from, to int, ok bool) {
	for ; i < len(s.toks); i++ {
		if end := s.match(list, i); end > i {
			return i, end, true
		}
	}
	return 0, 0, false
}

func (s *sentence) has(list string) bool {
	_, _, ok := s.find(list, 0)
	return ok
}

// lemmas are the verbs of which a word may be a form.
func lemmas(w string) []string {
	out := make([]string, 1, 4)
	out[0] = w
	if base, ok := irregular(w); ok {
		return append(out, base)
	}
	add := func(s string) {
		if len(s) > 1 {
			out = append(out, s)
		}
	}
	undouble := func(s string) {
		if n := len(s); n > 2 && s[n-1] == s[n-2] {
			add(s[:n-1])
		}
	}
	switch {
	case strings.HasSuffix(w, "ies"):
		add(w[:len(w)-3] + "y")
	case strings.HasSuffix(w, "es"):
		add(w[:len(w)-1])
		add(w[:len(w)-2])
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		add(w[:len(w)-1])
	case strings.HasSuffix(w, "ing") && len(w) > 5:
		add(w[:len(w)-3])
		add(w[:len(w)-3] + "e")
		undouble(w[:len(w)-3])
	case strings.HasSuffix(w, "ied"):
		add(w[:len(w)-3] + "y")
	case strings.HasSuffix(w, "ed") && len(w) > 4:
		add(w[:len(w)-2])
		add(w[:len(w)-1])
		undouble(w[:len(w)-2])
	}
	return out
}

func irregular(w string) (string, bool) {
	switch w {
	case "understood":
		return "understand", true
	case "knew", "known":
		return "know", true
	case "has", "had", "having":
		return "have", true
	case "is", "are", "am", "was", "were", "been", "being":
		return "be", true
	case "gave", "given":
		return "give", true
	case "felt":
		return "feel", true
	case "goes", "went", "gone":
		return "go", true
	case "does", "did", "done":
		return "do", true
	case "taught":
		return "teach", true
	case "kept":
		return "keep", true
	case "sent":
		return "send", true
	case "wrote", "written":
		return "write", true
	case "said":
		return "say", true
	case "made":
		return "make", true
	case "took", "taken":
		return "take", true
	case "got":
		return "get", true
	case "became":
		return "become", true
	case "fell", "fallen":
		return "fall", true
	case "grown", "grew":
		return "grow", true
	case "built":
		return "build", true
	case "learnt":
		return "learn", true
	case "shown":
		return "show", true
	case "eaten", "ate":
		return "eat", true
	case "spoken", "spoke":
		return "speak", true
	case "begun", "began":
		return "begin", true
	case "rose", "risen":
		return "rise", true
	}
	return "", false
}
