package term

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// When progress is shown.
const (
	quietFor  = time.Second            // shorter work says nothing
	redrawAt  = 100 * time.Millisecond // a line is not rewritten more often
	heartbeat = 5 * time.Second        // when Accessible, one whole line this often
)

// Progress tells how far a long piece of work is. It has no goroutine: it speaks
// when Step is called, and only there. One goroutine may use it at a time.
type Progress struct {
	s     *Streams
	what  string
	began time.Time
	last  time.Time // when something was last shown; zero before
	shown int       // columns of the line to be rewritten
}

// Progress begins to tell of work; what is a short phrase such as "checking".
// Nothing is shown where Err is no terminal, nor in the first second.
func (s *Streams) Progress(what string) *Progress {
	return &Progress{s: s, what: what, began: s.now()}
}

// Step says that n of total are done; total 0 means nobody knows how many there are.
func (p *Progress) Step(n, total int) {
	if !p.s.ErrTTY {
		return
	}
	now := p.s.now()
	if now.Sub(p.began) < quietFor {
		return
	}
	line := p.what + " " + thousands(n)
	if total > 0 {
		line += " of " + thousands(total)
	}
	if p.s.Accessible {
		since := p.last
		if since.IsZero() {
			since = p.began
		}
		if now.Sub(since) >= heartbeat {
			p.last = now
			fmt.Fprintln(p.s.Err, line)
		}
		return
	}
	if !p.last.IsZero() && now.Sub(p.last) < redrawAt && n != total {
		return
	}
	p.last = now
	line = fit(line, p.s.proseColumns()-1, "…") // a line that wraps could not be rewritten
	w := columns(line)
	fmt.Fprint(p.s.Err, "\r"+line+strings.Repeat(" ", max(0, p.shown-w)))
	p.shown = w
}

// Done takes the line away.
func (p *Progress) Done() {
	if p.shown > 0 {
		fmt.Fprint(p.s.Err, "\r"+strings.Repeat(" ", p.shown)+"\r")
		p.shown = 0
	}
}

// thousands writes n with commas: 3,000.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
