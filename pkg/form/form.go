package form

// Kind says what an answer looks like.
type Kind uint8

// The kinds of question. Every answer is kept as text, exactly as typed.
const (
	Line   Kind = iota + 1 // a short text, one line
	Words                  // what a person says or thinks; may be long, may have several lines
	List                   // several short texts, one at a time, ended by an empty answer
	Number                 // a plain number
	Date                   // YYYY-MM-DD; "today" and "yesterday" are understood when typed
	Choice                 // one of Options, by its value or its number in the list
	Many                   // several of Options, separated by commas or spaces
	YesNo                  // yes or no; kept as "true" or "false"
)

// Option is one of the answers to choose from: the code kept, what a person reads
// for it, and, where it helps, when to choose it.
type Option struct {
	Value string
	Words string
	Means string
}

// Question is one thing asked. Path is where the answer goes, as a record path
// below the form's own root: "targets[0].result".
type Question struct {
	Path    string
	Flag    string   // the flag that answers it, "--date"; "" means --set PATH=VALUE
	Heading string   // printed once, when it differs from the last question's
	Ask     string   // the question, a sentence
	Why     string   // answer to "?": why it is asked, in plain words
	Last    []string // what was said last time, and what is already known; whole lines
	Kind    Kind
	Options []Option
	Default string // what Enter alone means at a terminal; "" means there is none
	// Follows says that Default follows from what is known (today, who acts), so that
	// it is the answer also where there is nobody to ask. Any other default is only
	// likely: a person must see it and press Enter.
	Follows bool
	// Optional questions may be skipped without a reason.
	Optional bool
	// Check says what is wrong with an answer, or nil. It may hold the answer:
	// its words are for the person who just typed it, never for a log.
	Check func(Answer) error
	// Hint gives advice on an acceptable answer ("" for none).
	Hint func(Answer) string
}

// Answer is one answer: Text for every kind but List and Many, which fill Items.
// A skipped question has an answer too, with Skipped set.
type Answer struct {
	Text    string
	Items   []string
	Skipped bool
}

// Empty reports whether nothing was answered.
func (a Answer) Empty() bool { return a.Skipped || a.Text == "" && len(a.Items) == 0 }

// Answers are the answers so far, by path.
type Answers map[string]Answer

// Script says which questions there are, given the answers so far. It is pure
// and is asked again after every answer, so that an answer may open or close
// further questions. The order is the order of asking.
type Script func(Answers) []Question

// Next is the first question of s that has no answer yet.
func (s Script) Next(a Answers) (q Question, ok bool) {
	for _, q := range s(a) {
		if _, answered := a[q.Path]; !answered {
			return q, true
		}
	}
	return Question{}, false
}

// Asked is how many questions s has now, and how many of them are answered.
func (s Script) Asked(a Answers) (answered, total int) {
	qs := s(a)
	for _, q := range qs {
		if _, ok := a[q.Path]; ok {
			answered++
		}
	}
	return answered, len(qs)
}

// Text is the text answered at path, or "".
func (a Answers) Text(path string) string { return a[path].Text }

// Items is the list answered at path.
func (a Answers) Items(path string) []string { return a[path].Items }

// Yes reports whether path was answered with yes.
func (a Answers) Yes(path string) bool { return a[path].Text == "true" }
