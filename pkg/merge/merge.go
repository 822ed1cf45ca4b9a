package merge

// Choice is an answer to a question.
type Choice string

// The answers there are. Both is offered only where both can stand.
const (
	Ours   Choice = "ours"   // what stands here
	Theirs Choice = "theirs" // what stands in the other copy
	Both   Choice = "both"
)

// Options are what Trees needs beside the three folders.
type Options struct {
	// Paths are the slash paths, below the record folder, at which any of the three
	// folders differs from another. More do no harm; nil means that Trees walks and
	// compares all three, which is for tests and small folders.
	Paths []string
	// Answers are the answers to questions of an earlier call on the same folders, by
	// Question.ID. Answers to questions that do not arise are passed over.
	Answers map[string]Choice
}

// Result is what a merge comes to. With Questions it is a proposal in which our
// side stands wherever one is open, and what one side took out and the other changed
// stays; without, it is final.
type Result struct {
	Changes   []Change   // against our side, by path
	Questions []Question // by path, then place
	Notes     []Note     // by path
	Answered  []string   // ids of the questions that had an answer in Options
}

// Change is one file to write or, where Bytes is nil, to delete.
type Change struct {
	Path  string
	Bytes []byte
}

// Question is something that only a person can settle.
type Question struct {
	// ID is the same for the same question about the same values: short letters and digits.
	ID      string
	Rule    string // which of the Rule constants
	Learner string // id; "" where it is about the setting
	Path    string // of the file, below the record folder
	At      string // path of the value within it, "" for the whole file
	// Base, Ours and Theirs are the values as a person reads them, "" where there is
	// none. They are the record's own words: for the screen, never for a log.
	Base, Ours, Theirs string
	Ask                string // the question in words
	Choices            []Choice
}

// Note says what was put beside what, or what now stands twice and wants settling.
// It holds ids, dates and paths, never the words of a record.
type Note struct {
	Rule    string // which of the Rule constants
	Learner string
	Path    string // of the file it is about
	Beside  string // the file that was put beside it, if any
	Says    string // what happened, and what to do
}

// Why a question is asked or a note made.
const (
	RuleTwoValues   = "two-values"   // one value changed to two
	RuleDeleted     = "deleted"      // taken out on one side, changed on the other
	RuleSameID      = "same-id"      // one id given to two different things
	RuleStage       = "two-moves"    // two moves from one stage
	RuleOpenCycles  = "two-cycles"   // two cycles open at once
	RuleRequests    = "two-requests" // two requests of a kind open at once
	RuleLate        = "late"         // written into a file that was sealed elsewhere
	RuleSecond      = "second"       // sealed twice, once on each side
	RuleSealed      = "sealed"       // sealed bytes or a seal changed or gone on one side: what was sealed stays
	RuleLiving      = "living"       // a passport or profile agreed on both sides
	RuleRemoved     = "removed"      // one side still holds what was removed for good
	RuleAttachment  = "attachment"   // one attachment, two contents
	RuleForeign     = "foreign"      // a file that is not the record's, changed on both sides
	RuleWholeFile   = "whole-file"   // a file that cannot be merged value by value
	RuleBothChanged = "both-changed" // one undated entry without an id, changed on both sides: both stand
)
