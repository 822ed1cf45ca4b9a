package term

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/form"
)

// How asking may end before the last answer. Whatever was answered is kept.
var (
	// ErrKept means the person typed q.
	ErrKept = errors.New("stopped, with everything answered so far kept")
	// ErrInterrupted means Ctrl-C, the end of input (Ctrl-D), a terminal that went
	// away, or a context that ended.
	ErrInterrupted = errors.New("interrupted")
)

// Prompter asks questions on Err, one at a time, down the screen: nothing printed
// is ever changed. One goroutine may use it at a time.
type Prompter struct {
	// Today is what "today" means when typed as a date.
	Today date.Date
	// Undrafted says that the caller keeps no draft: answers are gone with the asking.
	Undrafted bool

	s       *Streams
	editor  Editor
	greeted bool // the keys have been told; nobody wants to hear them for every learner
}

// NewPrompter gives a prompter for s. With a nil editor, e says that there is none.
// Today is the day of the system's clock until the caller sets it.
func NewPrompter(s *Streams, editor Editor) *Prompter {
	return &Prompter{Today: date.Of(time.Now()), s: s, editor: editor}
}

// catch makes Ctrl-C, a closed terminal and a request to end stop the asking
// instead of the process, so that the caller can say what is kept.
func catch(ctx context.Context) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}

// Fill asks every question of script that has no answer yet, in order, and puts
// the answers into answers, which must not be nil. After each it calls keep, whose
// error ends the asking and comes back wrapped. It returns nil when nothing is left
// to ask, ErrKept after q, ErrInterrupted after Ctrl-C and the like.
//
// Going back and answering otherwise may make other questions appear or go. Answers
// whose question is gone stay in answers: the question may come back, so only
// the caller drops them, at the end.
func (p *Prompter) Fill(ctx context.Context, script form.Script, answers form.Answers, keep func(form.Answers) error) error {
	ctx, stop := catch(ctx)
	defer stop()
	if _, open := script.Next(answers); !open {
		return nil
	}
	p.greet(script, answers)
	heading := ""
	var again []string // questions left by going back, to pass through again; the next one last
	for {
		q, ok := p.next(script, answers, &again)
		if !ok {
			return nil
		}
		if q.Heading != "" && q.Heading != heading {
			p.print("\n" + p.s.Bold(p.s.Wrap(Safe(q.Heading), "")))
		}
		heading = q.Heading
		a := &asking{p: p, q: q}
		a.old, a.revisit = answers[q.Path]
		a.save = func(given form.Answer) error {
			answers[q.Path] = given
			if keep == nil {
				return nil
			}
			if err := keep(answers); err != nil {
				return fmt.Errorf("cannot keep the answers: %w", err)
			}
			return nil
		}
		a.first = place(script(answers), q.Path) == 0
		given, how, err := a.run(ctx)
		switch {
		case err != nil:
			return err
		case how == wentBack:
			qs := script(answers)
			if i := place(qs, q.Path); i > 0 {
				again = append(again, q.Path, qs[i-1].Path)
			}
		default:
			if err := a.save(given); err != nil {
				return err
			}
			a.advise(given)
		}
	}
}

// next picks the question to ask: the one gone back to, or on the way forward
// again whichever of the left ones and the open ones comes first.
func (p *Prompter) next(script form.Script, answers form.Answers, again *[]string) (form.Question, bool) {
	qs := script(answers)
	open, isOpen := script.Next(answers)
	for n := len(*again); n > 0; n = len(*again) {
		path := (*again)[n-1]
		*again = (*again)[:n-1]
		i := place(qs, path)
		if i < 0 {
			continue // an answer given since has closed it
		}
		if isOpen && place(qs, open.Path) < i {
			*again = append(*again, path)
			break
		}
		return qs[i], true
	}
	return open, isOpen
}

func place(qs []form.Question, path string) int {
	return slices.IndexFunc(qs, func(q form.Question) bool { return q.Path == path })
}

// keysLine tells the keys.
const keysLine = "At any question, alone on a line: b goes back, s skips, e opens your editor, ? says why we ask, q keeps everything and quits."

// keys tells the keys; q keeps only where there is a draft to keep it in.
func (p *Prompter) keys() string {
	if p.Undrafted {
		return strings.Replace(keysLine, "q keeps everything and quits", "q quits and records nothing", 1)
	}
	return keysLine
}

func (p *Prompter) greet(script form.Script, answers form.Answers) {
	if !p.greeted {
		p.greeted = true
		p.print(p.s.Wrap(p.keys(), ""))
		if p.Undrafted {
			p.print("Nothing is kept before the last answer is given; there are few.")
		} else {
			p.print("Every answer is kept as soon as it is given.")
		}
	}
	if done, total := script.Asked(answers); done > 0 {
		p.say("%d of %d questions are answered already", done, total)
	}
}

// print writes whole lines. A terminal that no longer takes them will not give
// answers either, and that is noticed.
func (p *Prompter) print(text string) { fmt.Fprintln(p.s.Err, text) }

// say writes a sentence, wrapped.
func (p *Prompter) say(format string, args ...any) {
	p.print(p.s.Wrap(sentence(SafeLines(fmt.Sprintf(format, args...))), ""))
}

// sentence makes an error's words a sentence.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return text
	}
	r, n := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(r)) + text[n:]
	if !strings.ContainsAny(text[len(text)-1:], ".?!:)") {
		text += "."
	}
	return text
}

// line shows prompt and reads one line.
func (p *Prompter) line(ctx context.Context, prompt string) (string, error) {
	fmt.Fprint(p.s.Err, prompt+"> ")
	text, err := p.s.reader().line(ctx)
	if err != nil {
		p.print("") // so that what comes next begins its own line
		return "", fmt.Errorf("%w: %w", ErrInterrupted, err)
	}
	if !p.s.InTTY {
		p.print("") // nobody's Enter was shown
	}
	return text, nil
}

// Confirm asks a question to be answered with yes or no; Enter means def.
func (p *Prompter) Confirm(ctx context.Context, ask string, def bool) (bool, error) {
	q := form.Question{Ask: ask, Kind: form.YesNo, Default: fmt.Sprint(def)}
	a, err := p.one(ctx, q)
	return a.Text == "true", err
}

// Choose asks for one of opts and gives its value; Enter means def, unless that is "".
func (p *Prompter) Choose(ctx context.Context, ask string, opts []form.Option, def string) (string, error) {
	a, err := p.one(ctx, form.Question{Ask: ask, Kind: form.Choice, Options: opts, Default: def})
	return a.Text, err
}

// one asks a single question outside any script: there is nothing to go back to.
func (p *Prompter) one(ctx context.Context, q form.Question) (form.Answer, error) {
	ctx, stop := catch(ctx)
	defer stop()
	a := &asking{p: p, q: q, first: true, save: func(form.Answer) error { return nil }}
	given, _, err := a.run(ctx)
	return given, err
}
