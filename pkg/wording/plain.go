package wording

import "strings"

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
	if s.others(i) {
		return true
	}
	if strings.HasPrefix(s.at(i).text, "fail") && s.is(i-1, "it", "aid", "aids", "battery", "device", "machine", "equipment", "brakes", "kit", "hearing", "its", "of") {
		return true // a hearing aid that fails
	}
	switch s.at(i).text {
	case "bad", "poor", "poorer", "weak", "weaker", "weakest", "low", "thick", "dense", "dim", "dull", "short", "silly", "backwards", "odd", "wild", "slow", "rude":
		// a bad dream, silly sentences, a weak arm: not of what the child is or does
		if s.is(i-1, "be", "is", "being", "are", "was", "so", "too", "very", "really", "quite", "become", "becomes") {
			return false
		}
		return s.at(end).kind == word && !function(s.at(end).text) && s.match("of-the-child", end) == end && end == i+1 || s.is(end, "and")
	case "kick", "kicks", "kicking":
		return s.is(end, "the", "a", "his", "her", "every", "each")
	case "refuses", "refuse", "refusing", "refused", "refusal", "fails", "fail", "failing", "failed", "failure":
		// in the count of a measure: no more than 2 refusals
		for j := i + 1; s.is(i-1, "will", "to") && j < len(s.toks); j++ {
			if s.is(j, "by") && gerund(s.at(j+1).text) && (s.domain(j+1) == "speak-verb" || s.is(j+1, "using", "shaking")) {
				return true // will refuse what he dislikes by saying so
			}
		}
		return s.is(i-1, "no", "fewer", "politely") || s.is(i-1, "to") && s.is(i-2, "how", "able")
	case "behind":
		return s.is(end-1, "the", "in") && s.is(end, "line", "chair", "door", "desk", "screen", "curtain", "sofa", "wall", "counter", "bookcase", "goal", "cone", "others")
	}
	return false
}

// others reports whether it is what others say or do: when someone has called him naughty.
func (s *sentence) others(i int) bool {
	if s.says("story") && s.is(i-1, "the", "a") {
		return true // the naughty step in the story
	}
	for j := max(0, i-4); j < i; j++ {
		switch s.at(j).text {
		case "call", "calls", "called", "calling", "character", "characters", "villain", "name", "names", "teases", "teased", "tease":
			return true
		case "story", "stories", "tale", "poem", "film", "about", "wolf", "giant", "word", "words", "spell", "spells", "puppet", "book":
			return true
		case "someone", "somebody", "anyone", "anybody", "others", "another", "friend", "friends", "other", "people", "peer", "peers", "classmate", "classmates", "children":
			return s.is(j-1, "when", "if", "that", "where", "whenever", "because", "with", "how", "to") || s.is(j-1, "a", "other", "some") && s.is(j-2, "when", "if", "that", "where", "whenever") ||
				s.is(j, "another") && s.is(j+1, "child", "pupil", "learner", "student")
		}
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
				if s.is(i, "circle") && s.is(i-1, "his", "her", "their", "my", "a", "wider", "the") {
					continue // her circle of friends
				}
				if short(t.text) && !t.upper && end == i+1 && !t.title {
					continue // "add", "hi" and "ar" are words; ADD, HI and AR are not
				}
				return i, end, l.instead, true
			}
		}
		if !t.upper || shouting*2 >= len(s.toks)+1 || s.match("abbreviation", i) > i || s.explained(i, i+1) {
			continue
		}
		// TA-led is a TA; ELSA-led is an ELSA
		if first, _, ok := strings.Cut(t.text, "-"); ok {
			if s.words.lists["abbreviation"].first[first] != nil {
				continue
			}
			for _, l := range s.words.jargon {
				if l.first[first] != nil {
					return i, i + 1, l.instead, true
				}
			}
		}
		if len(t.text) == 2 {
			continue // a learner's initials, as often as anything
		}
		return i, i + 1, "", true
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
	if s.is(i-1, "(") && s.is(end, ")") && i > 2 && s.at(i-2).kind == word && s.at(i-3).kind == word {
		return true
	}
	// what it is a card, a game or a way of may stand between
	for k := end; k <= end+2; k++ {
		switch t := s.at(k); {
		case s.match("explained", k) > k, s.is(k, ",") && s.match("explained", k+1) > k+1:
			return k == end || t.kind == mark
		case s.is(k, "("):
			return s.initials(i, k+1) || s.meaning(k+1)
		case t.kind == mark && s.is(k, "-", ":") && k+2 < len(s.toks):
			return s.meaning(k + 1)
		case t.kind == word && s.is(k, "card", "cards", "strip", "book", "board", "sign", "signs", "symbol", "symbols", "session", "sessions", "approach", "method", "programme", "scheme",
			"activities", "activity", "exercises", "group", "work", "words", "word", "pictures", "test", "game", "games", "therapy", "practice", "time", "device", "app", "system", "strategies", "techniques", "tasks", "resources", "cues"):
		default:
			return false
		}
	}
	return false
}

// initials reports whether the words from j on begin with the letters of the abbreviation
// at i: OT (occupational therapist).
func (s *sentence) initials(i, j int) bool {
	for _, r := range strings.TrimSuffix(strings.TrimSuffix(s.at(i).text, "'s"), "s") {
		for s.is(j, "of", "and", "the", "for") && !strings.HasPrefix(s.at(j).text, string(r)) {
			j++
		}
		if !strings.HasPrefix(s.at(j).text, string(r)) {
			return false
		}
		j++
	}
	return true
}

// meaning reports whether what begins at i after a bracket, a dash or a colon tells what
// something is, and not how often, how long, by whom or where the learner is now.
func (s *sentence) meaning(i int) bool {
	end := i
	for end < len(s.toks) && !s.is(end, ")", ";", ".") {
		end++
	}
	words := 0
	for j := i; j < end; j++ {
		if s.at(j).kind == word {
			words++
		}
		for _, l := range []string{"now", "due", "weekday", "month"} {
			if s.match(l, j) > j && j < i+3 {
				return false
			}
		}
	}
	if words == 0 || s.is(i, "e", "e.g", "eg", "from", "by", "see", "up", "was", "once", "twice", "target", "baseline") {
		return false
	}
	for _, l := range []string{"often", "length", "group", "who", "title", "loose-who"} {
		if s.match(l, i) > i {
			return false
		}
	}
	return s.at(i).kind == word || words > 1 && !s.is(i+1, "of", "out", "in", "%", "/")
}
