package wording

// field finds what stands in a filled-in form after one of the labels of the list, such as
// Who: or Ratio:, up to the next label. It is not ok where nothing stands there.
func (s *sentence) field(list string) (from, to int, ok bool) {
	for i := range s.toks {
		end := s.match(list, i)
		if end == i || !s.labels(i, end) {
			continue
		}
		from = end + 1
		for to = from; to < len(s.toks) && !s.labelAt(to) && !s.is(to, ".", ";", "|"); to++ {
		}
		if from < to && s.match("left-open", from) == from {
			return from, to, true
		}
	}
	return 0, 0, false
}

// labels reports whether the words from i to end are a label: a colon follows, and a mark
// or nothing stands before.
func (s *sentence) labels(i, end int) bool {
	return s.is(end, ":") && (i == 0 || s.at(i-1).kind == mark)
}

// labelAt reports whether at i, or after the mark at i, another field begins.
func (s *sentence) labelAt(i int) bool {
	if s.at(i).kind == mark {
		i++
	} else if s.at(i-1).kind != mark {
		return false
	}
	for j := i + 1; j < i+4; j++ {
		if s.is(j, ":") {
			return true
		}
		if s.at(j).kind != word {
			break
		}
	}
	return false
}
