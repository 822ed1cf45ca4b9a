package examples

import (
	"bufio"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/sendctl/sendctl/pkg/date"
)

//go:embed acts
var acts embed.FS

// Act is one thing somebody of the made-up school recorded.
type Act struct {
	Recorded time.Time
	By       Person
	Args     []string // the command, as typed after "sendctl"
	Answers  []byte   // what it reads from standard input
}

// Person is who recorded an act.
type Person struct{ Name, Email string }

// Today is the day the made-up school stands on.
func Today() date.Date { return date.New(2026, time.November, 22) }

// Acts reads every acts/*.txt and gives their acts in order of time: school.txt
// first says who there is, in lines of "who ID NAME EMAIL"; every act, in whichever
// file, is a line of "TIME ID COMMAND WORD..." where a last word "< FILE" names the
// answers. Words with spaces stand in double quotes. Lines that begin with # are
// comments.
func Acts() ([]Act, error) {
	people := map[string]Person{}
	school, err := told("school.txt", people)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(acts, "acts/*.txt")
	if err != nil {
		return nil, err
	}
	out := school
	for _, name := range names {
		if name = path.Base(name); name == "school.txt" {
			continue
		}
		story, err := told(name, people)
		if err != nil {
			return nil, err
		}
		out = append(out, story...)
	}
	slices.SortStableFunc(out, func(a, b Act) int { return a.Recorded.Compare(b.Recorded) })
	return out, nil
}

// told reads one file of acts, and adds whom it introduces to people.
func told(name string, people map[string]Person) ([]Act, error) {
	f, err := acts.Open(path.Join("acts", name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []Act
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		words := split(line)
		if words[0] == "who" && len(words) == 4 {
			people[words[1]] = Person{Name: words[2], Email: words[3]}
			continue
		}
		act, err := read(words, people)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		out = append(out, act)
	}
	return out, lines.Err()
}

func read(words []string, people map[string]Person) (Act, error) {
	if len(words) < 3 {
		return Act{}, fmt.Errorf("an act wants a time, a person and a command")
	}
	at, err := time.Parse(time.RFC3339, words[0])
	if err != nil {
		return Act{}, err
	}
	by, ok := people[words[1]]
	if !ok {
		return Act{}, fmt.Errorf("nobody is called %s", words[1])
	}
	act := Act{Recorded: at, By: by, Args: words[2:]}
	if n := len(act.Args); n > 2 && act.Args[n-2] == "<" {
		if act.Answers, err = acts.ReadFile(path.Join("acts", act.Args[n-1])); err != nil {
			return act, err
		}
		flag := "--answers"
		if act.Args[0] == "edit" {
			flag = "--from"
		}
		act.Args = append(act.Args[:n-2:n-2], flag, "-")
	}
	return act, nil
}

// split cuts a line into words; double quotes hold a word with spaces together.
func split(line string) []string {
	var out []string
	var word strings.Builder
	quoted, any := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, any = !quoted, true
		case r == ' ' && !quoted:
			if any {
				out = append(out, word.String())
				word.Reset()
				any = false
			}
		default:
			word.WriteRune(r)
			any = true
		}
	}
	if any {
		out = append(out, word.String())
	}
	return out
}
