package wording

// plain finds fault-finding words and terms that a family cannot be expected to know.
func (s *sentence) plain() []Fault {
	var out []Fault
	for i := range s.toks {
		if end := s.match("deficit", i); end > i && !s.spared(i, end) {
			out = append(out, s.fault(Deficit, i, end, ""))
			break
		}
	}
	if i, end, instead, ok := s.jargon(); ok {
		out = append(out, s.fault(Jargon, i, end, instead))
	}
	return out
}

// spared reports whether a fault-finding word says nothing of the child here.
func (s *sentence) spared(i, end int) bool {
	switch s.at(i).text {
	case "bad", "poor", "weak", "low", "thick", "dense", "dim", "short", "silly", "backwards", "odd", "wild", "slow", "rude":
		// a bad dream, silly sentences, an odd number: not of what the child is or does
		switch s.at(end).text {
		case "number", "numbers", "dream", "dreams", "day", "days", "weather", "light", "lighting", "paper", "pencil", "pencils", "pen", "sentence", "sentences",
			"song", "songs", "word", "words", "card", "cards", "socks", "animals", "voice", "voices", "and", "stretch", "news", "phone", "signal", "sound", "soup", "stimulus", "table":
			return true
		}
	case "refuses", "refuse", "refusing", "refused", "refusal", "fails", "fail", "failing", "failed", "failure":
		// in the count of a measure: no more than 2 refusals
		return s.is(i-1, "no", "fewer", "politely") || s.is(i-1, "to") && s.is(i-2, "how", "able")
	case "behind":
		return s.is(end-1, "the", "in") && s.is(end, "line", "chair", "door", "desk", "screen", "curtain", "sofa", "wall", "counter", "bookcase", "goal", "cone", "others")
	}
	return false
}

// jargon finds the first such term that is not explained beside it.
func (s *sentence) jargon() (from, to int, instead string, ok bool) {
	shouting := 0
	for _, t := range s.toks {
		if t.upper {
			shouting++
		}
	}
	for i := range s.toks {
		t := &s.toks[i]
		if t.kind == mark || t.kind == figure && !t.upper {
			continue
		}
		for _, l := range s.words.jargon {
			if end := s.longest(l, i); end > i && !s.explained(i, end) {
				if short(t.text) && !t.upper && end == i+1 && !t.title {
					continue // "add", "hi" and "ar" are words; ADD, HI and AR are not
				}
				return i, end, l.instead, true
			}
		}
		if t.upper && shouting*2 < len(s.toks)+1 && s.match("abbreviation", i) == i && !s.explained(i, i+1) {
			return i, i + 1, "", true
		}
	}
	return 0, 0, "", false
}

// short reports whether a term of jargon is also an everyday word in small letters.
func short(w string) bool {
	switch w {
	case "add", "hi", "vi", "ar", "ot", "ep", "eps", "pace", "odd", "ht", "act", "cats", "tac", "com", "power", "hornet", "cap", "snap", "thrive", "dirt", "acl", "pep", "cin", "sip", "dls", "taf", "lac", "tods", "tod",
		"mask", "mand", "tact", "zones", "radar", "cla", "sse", "fft", "ils", "tier", "wave", "tacs", "blooms", "cyps", "nessy", "lexia", "schema", "mi", "psp", "vc":
		return w != "zones" && w != "tier" && w != "wave" && w != "schema" && w != "lexia" && w != "nessy"
	}
	return false
}

// explained reports whether the term stands in brackets after its meaning, or its
// meaning follows.
func (s *sentence) explained(i, end int) bool {
	if s.is(end, "(") && !s.is(end+1, "currently", "now", "from", "baseline", "1", "2", "3", "4") {
		return true
	}
	if s.match("explained", end) > end || s.is(end, ",") && (s.match("explained", end+1) > end+1) {
		return true
	}
	if s.is(end, "-", ":") && s.at(end).kind == mark && s.at(end+1).kind == word && end+2 < len(s.toks) {
		return true
	}
	return s.is(i-1, "(") && s.is(end, ")") && i > 2 && s.at(i-2).kind == word && s.at(i-3).kind == word
}
