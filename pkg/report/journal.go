package report

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/sendctl/sendctl/pkg/date"
	"github.com/sendctl/sendctl/pkg/folder"
	"github.com/sendctl/sendctl/pkg/gate"
	"github.com/sendctl/sendctl/pkg/learner"
	"github.com/sendctl/sendctl/pkg/recordfile"
)

// This file tells the acts of the journey: moves, passport and profile, requests
// and advice. Of a sealed file it tells what the file says, and what was put right
// since; of one that lives on, what it said in that commit.

// asLeft gives a file of a kind as the commit left it, and as it was before; was is
// nil where the file was not there, or where nobody knows.
func asLeft[T any](c Commit, k recordfile.Kind) (now, was *T, at string) {
	for _, p := range c.Paths {
		if kind, _ := recordfile.KindAt(p); kind != k {
			continue
		}
		if now = read[T](c.Read, p, k); now == nil {
			continue
		}
		return now, read[T](c.Before, p, k), p
	}
	return nil, nil, ""
}

func read[T any](from func(string) ([]byte, error), p string, k recordfile.Kind) *T {
	if from == nil {
		return nil
	}
	src, err := from(p)
	if err != nil {
		return nil
	}
	f, _, err := recordfile.Read[T](p, k, src)
	if err != nil || f.Doc == nil {
		return nil
	}
	return &f.Value
}

// sealedIn finds the sealed file that a commit made among those of the record.
func sealedIn[T any](c Commit, files []recordfile.File[T]) (recordfile.File[T], bool) {
	for _, f := range files {
		if f.Doc != nil && slices.Contains(c.Paths, f.Path) {
			return f, true
		}
	}
	return recordfile.File[T]{}, false
}

// more adds a line, unless it is empty.
func (e *Event) more(format string, args ...any) {
	e.More = append(e.More, fmt.Sprintf(format, args...))
}

// fixed adds a line for everything put right since in a file that is no cycle.
func (s speaker) fixed(e *Event, id string) {
	for _, x := range s.corrections(id) {
		e.more("Put right since: %s: it said %s, and should say %s (%s, %s).", strings.TrimPrefix(x.Where, "the "), OrNothing(x.Was), x.Is, x.ByName, x.Date.Long())
	}
}

func (s speaker) moved(e *Event, c Commit) {
	e.Sentence = "The stage was changed."
	f, ok := sealedIn(c, s.record.Moves)
	if !ok {
		return
	}
	v := MoveFileOf(s.folder, s.record, f)
	e.File = v.ID
	from := ""
	if v.FromWords != "" {
		from = " from " + v.FromWords
	}
	e.Sentence = fmt.Sprintf("Moved%s to %s, from %s: %s", from, v.ToWords, v.Date.Long(), v.SENWords)
	if v.MainNeedWords != "" {
		e.Sentence += ", main need " + v.MainNeedWords
	}
	e.Sentence += "."
	if v.Decided != v.Date {
		e.more("%s decided it on %s.", v.DecidedByName, v.Decided.Long())
	}
	if v.Because != "" {
		e.more("Why: %s", Quoted(v.Because))
	}
	for i, x := range v.Told {
		how := []string{x.HowWords}
		for j, y := range v.Told { // a call and a letter on one day are one telling
			if y.Date != x.Date || !slices.Equal(y.With, x.With) || j == i {
				continue
			}
			if j < i {
				how = nil
				break
			}
			how = append(how, y.HowWords)
		}
		if how != nil && !x.Date.IsZero() {
			e.more("%s %s told on %s (%s).", x.WithWords, isOrAre(x.With, "was", "were"), x.Date.Long(), and(how))
		}
	}
	if v.NotTold != "" {
		e.more("The family was not told then; the reason given: %s", Quoted(v.NotTold))
	}
	for _, g := range v.Gate {
		if !g.Met {
			what := "Looked for"
			if g.Kind == "duty" {
				what += ", a duty"
			}
			e.more("%s, and not met in full then: %s", what, Sentence(Lower(g.Words)))
		}
	}
	if !v.Meeting.IsZero() {
		e.more("Invited to a meeting on %s: %s.", v.Meeting.Long(), v.InvitedWords)
	}
	if !v.MonitorUntil.IsZero() {
		e.more("Watched until %s.", v.MonitorUntil.Long())
	}
	if v.ToSetting != "" {
		e.more("Went on to: %s", Sentence(v.ToSetting))
	}
	s.fixed(e, v.ID)
}

func isOrAre(who []string, one, many string) string {
	if len(who) == 1 {
		return one
	}
	return many
}

// document is the passport or profile that a commit changed, as it left it and as
// it was before.
func (s speaker) document(c Commit, day date.Date) (now, was *Document) {
	if p, before, _ := asLeft[learner.Passport](c, recordfile.Passport); p != nil {
		d := DocumentAs(s.folder, s.record, p, day)
		if before != nil {
			b := DocumentAs(s.folder, s.record, before, day)
			was = &b
		}
		return &d, was
	}
	if p, before, _ := asLeft[learner.Profile](c, recordfile.Profile); p != nil {
		d := DocumentAs(s.folder, s.record, p, day)
		if before != nil {
			b := DocumentAs(s.folder, s.record, before, day)
			was = &b
		}
		return &d, was
	}
	return nil, nil
}

func (s speaker) wrote(e *Event, c Commit) {
	e.Sentence = fmt.Sprintf("The %s was written.", documentWords(c.Action))
	d, was := s.document(c, c.Date)
	if d == nil {
		return
	}
	how := "was written"
	switch {
	case was != nil && was.Version == d.Version:
		how = "was changed"
	case was != nil:
		how = "was written anew"
	}
	e.Sentence = fmt.Sprintf("The %s, version %s, %s", d.KindWords, d.Version, how)
	if d.WithWords != "" && how != "was changed" {
		e.Sentence += " with " + d.WithWords
	}
	e.Sentence += "."
	for i, l := range d.Lists {
		var old []string
		if was != nil {
			old = was.Lists[i].Items
		}
		for _, x := range l.Items {
			if !slices.Contains(old, x) {
				e.more("%s: %s", l.Words, Quoted(x))
			}
		}
		for _, x := range old {
			if !slices.Contains(l.Items, x) {
				e.more("No longer: %s", Quoted(x))
			}
		}
	}
	if !d.ReviewOn.IsZero() && (was == nil || was.ReviewOn != d.ReviewOn) {
		e.more("To be looked at again by %s.", d.ReviewOn.Long())
	}
}

func documentWords(kind string) string {
	if w := DocumentKindOf(kind).Words; w != "" {
		return w
	}
	return kind
}

func (s speaker) agreed(e *Event, c Commit) {
	e.Sentence = "A passport or profile was agreed."
	d, was := s.document(c, c.Date)
	if d == nil {
		return
	}
	var who []string
	for _, x := range d.Agreed {
		who = append(who, x.WhoName)
	}
	switch {
	case len(who) == 0:
		e.Sentence = fmt.Sprintf("The %s, version %s, was recorded as agreed, and names nobody who agreed.", d.KindWords, d.Version)
	case was != nil && was.State == Agreed && sameLists(*d, *was):
		e.Sentence = fmt.Sprintf("The %s was looked at again and agreed anew by %s: version %s, in the same words.", d.KindWords, and(who), d.Version)
		if !d.ReviewOn.IsZero() && d.ReviewOn != was.ReviewOn {
			e.more("To be looked at again by %s.", d.ReviewOn.Long())
		}
	default:
		e.Sentence = fmt.Sprintf("The %s, version %s, was agreed by %s.", d.KindWords, d.Version, and(who))
	}
	if n := len(d.SharedWith); n > 0 {
		e.more("%s to read it: %s.", Capital(Plural(n, "member of staff is", "of the staff are")), s.everyone(d.SharedWith))
	}
}

func sameLists(a, b Document) bool {
	return slices.EqualFunc(a.Lists, b.Lists, func(x, y DocumentList) bool { return slices.Equal(x.Items, y.Items) })
}

func (s speaker) readings(e *Event, c Commit) {
	e.Sentence = "It was noted who has read the passport or profile."
	now, was, _ := asLeft[learner.Readings](c, recordfile.Readings)
	if now == nil {
		return
	}
	var known []learner.Reading
	switch {
	case was != nil:
		known = was.Readings
	case c.Before == nil && len(now.Readings) > 0:
		known = now.Readings[:len(now.Readings)-1] // nobody knows: the last one is of this act
	}
	type version struct{ document, number string }
	var order []version
	by := map[version][]string{}
	for _, x := range now.Readings {
		if slices.Contains(known, x) {
			continue
		}
		v := version{x.Document, string(x.Version)}
		if by[v] == nil {
			order = append(order, v)
		}
		by[v] = append(by[v], s.person(x.Who))
	}
	var said []string
	for _, v := range order {
		said = append(said, fmt.Sprintf("%s read the %s, version %s", and(by[v]), documentWords(v.document), v.number))
	}
	if len(said) > 0 {
		e.Sentence = strings.Join(said, "; ") + "."
	}
}

// asked tells of work on a request that is not sent yet.
func (s speaker) asked(e *Event, c Commit) {
	e.Sentence = "A request was worked on."
	q, was, _ := asLeft[learner.Request](c, recordfile.Request)
	if q == nil {
		return
	}
	e.File = q.ID
	kind := s.requestWords(q.Kind)
	e.Sentence = fmt.Sprintf("A %s request was begun by %s", kind, s.anyone(q.AskedBy))
	if was != nil {
		e.Sentence = fmt.Sprintf("The %s request was worked on", kind)
	}
	if g := grant(q.Asks); g != "" && (was == nil || grant(was.Asks) != g) {
		e.Sentence += ": " + g
	}
	e.Sentence += "."
	var old learner.Request
	if was != nil {
		old = *was
	}
	if q.Reasons != "" && q.Reasons != old.Reasons {
		e.more("What it is for: %s", Quoted(string(q.Reasons)))
	}
	for _, x := range q.OutcomesSought {
		if !slices.Contains(old.OutcomesSought, x) {
			e.more("Hoped for: %s", Sentence(string(x)))
		}
	}
	if n := len(q.Evidence) - len(old.Evidence); n > 0 {
		e.more("%s of evidence named.", Capital(Plural(n, "piece", "pieces")))
	}
	for _, x := range s.voices(q.LearnerSays, q.ParentsSay) {
		if !slices.Contains(s.voices(old.LearnerSays, old.ParentsSay), x) && x.Words != "" {
			e.more("%s: %s", x.WhoName, Quoted(x.Words))
		}
	}
}

func (s speaker) sent(e *Event, c Commit) {
	e.Sentence = "A request was sent."
	f, ok := sealedIn(c, s.record.Requests)
	if !ok {
		return
	}
	q, _ := folder.Corrected(s.record, f)
	e.File = q.ID
	e.Sentence = s.requestWords(q.Kind) + " was requested"
	if g := grant(q.Asks); g != "" {
		e.Sentence += ": " + g
	}
	e.Sentence += "."
	if draft := read[learner.Request](c.Before, f.Path, recordfile.Request); q.Reasons != "" && (draft == nil || draft.Reasons != q.Reasons) {
		e.more("What it is for: %s", Quoted(string(q.Reasons))) // unless it was told when the request was begun
	}
	s.knowing(e, q)
	var missing, partial []string
	for _, x := range q.Readiness {
		switch gate.State(x.State) {
		case gate.Missing:
			missing = append(missing, Lower(clause(s.check(x.Item))))
		case gate.Partial:
			partial = append(partial, Lower(clause(s.check(x.Item))))
		}
	}
	// A check is worded as if it were met: here it is only what was looked for.
	if len(partial) > 0 {
		e.more("Looked for, and there in part when it was sent: %s", inOne(partial))
	}
	if len(missing) > 0 {
		e.more("Looked for, and not there when it was sent: %s", inOne(missing))
	}
	if q.Because != "" {
		e.more("Why it was sent all the same: %s", Quoted(string(q.Because)))
	}
	s.fixed(e, q.ID)
}

// knowing tells who knows of a request, those who agree in one line.
func (s speaker) knowing(e *Event, q learner.Request) {
	var agree, not []string
	for _, k := range q.KnowledgeAndAgreement {
		if k.Agrees {
			agree = append(agree, k.Who)
		} else {
			not = append(not, k.Who)
		}
	}
	if len(agree) > 0 {
		e.more("%s %s of it, and %s.", s.everyone(agree), isOrAre(agree, "knows", "know"), isOrAre(agree, "agrees", "agree"))
	}
	if len(not) > 0 {
		e.more("%s %s of it, and %s not agree.", s.everyone(not), isOrAre(not, "knows", "know"), isOrAre(not, "does", "do"))
	}
}

func (s speaker) lettered(e *Event, c Commit) {
	e.Sentence = "A letter about a request was recorded."
	f, ok := sealedIn(c, s.record.Letters)
	if !ok {
		return
	}
	v := LetterFileOf(s.folder, s.record, f, c.Date)
	e.File = v.ID
	e.Sentence = fmt.Sprintf("The %s request: %s", v.KindWords, clause(v.WhatWords))
	if v.Reference != "" {
		e.Sentence += " (" + v.Reference + ")"
	}
	e.Sentence += "."
	if v.Words != "" {
		e.more("%s", Quoted(v.Words))
	}
	s.fixed(e, v.ID)
}

func (s speaker) decided(e *Event, c Commit) {
	e.Sentence = "A decision on a request was recorded."
	f, ok := sealedIn(c, s.record.Decisions)
	if !ok {
		return
	}
	v := DecisionFileOf(s.folder, s.record, f, c.Date)
	e.File = v.ID
	e.Sentence = fmt.Sprintf("The panel of %s on the %s request: %s", v.Panel.Long(), v.KindWords, v.ResultWords)
	if g := v.Grants; g != nil {
		e.Sentence += "; " + Granted(g.Money, g.From, g.To)
	}
	e.Sentence += "."
	if len(v.ReasonsWords) > 0 {
		e.more("The reasons: %s.", strings.Join(v.ReasonsWords, "; "))
	}
	if v.Words != "" {
		e.more("%s", Quoted(v.Words))
	}
	if t := v.LegalTest; t != nil {
		e.more("The legal test: %s; %s.", Lower(clause(v.LegalWords[0])), Lower(clause(v.LegalWords[1])))
	}
	if v.Total != "" {
		e.more("Scored %s.", v.TotalWords())
	}
	for _, x := range v.Conditions {
		e.more("On condition: %s", Sentence(x))
	}
	for _, x := range v.Feedback {
		e.more("To the setting: %s", Sentence(x))
	}
	for _, x := range v.WouldChange {
		e.more("What would change it: %s", Sentence(x))
	}
	if !v.AppealTold.IsZero() {
		e.more("The family was told of mediation and the right to appeal on %s.", v.AppealTold.Long())
	}
	if !v.Notified.IsZero() {
		e.more("The family and the setting were told on %s.", v.Notified.Long())
	}
	s.fixed(e, v.ID)
}

func (s speaker) lookedBack(e *Event, c Commit) {
	e.Sentence = "What a request changed was recorded."
	f, ok := sealedIn(c, s.record.Impacts)
	if !ok {
		return
	}
	v := ImpactFileOf(s.folder, s.record, f, c.Date)
	e.File = v.ID
	e.Sentence = fmt.Sprintf("What the %s request changed was looked at together.", v.KindWords)
	if v.Verdict != "" {
		e.Sentence = fmt.Sprintf("What the %s request changed: %s", v.KindWords, Quoted(v.Verdict))
	}
	for _, o := range v.Outcomes {
		e.more("%s", o.Told())
	}
	s.fixed(e, v.ID)
}

func (s speaker) advised(e *Event, c Commit) {
	e.Sentence = "Advice was recorded."
	now, was, p := asLeft[learner.Advice](c, recordfile.Advice)
	if now == nil {
		return
	}
	a := AdviceOf(s.folder, s.record, p, *now)
	e.File = a.ID
	who := a.ByName
	if a.RoleWords != "" {
		who += ", " + a.RoleWords
	}
	n := len(a.Recommendations)
	acted := 0
	for _, x := range a.Recommendations {
		if !x.Done.IsZero() {
			acted++
		}
	}
	count := Plural(n, "recommendation", "recommendations")
	if acted > 0 {
		count = fmt.Sprintf("%d of %s acted on", acted, count)
	}
	findings := now.Findings
	switch {
	case n > 0:
		e.Sentence = fmt.Sprintf("Advice from %s: %s.", who, count)
	case len(findings) == 1:
		e.Sentence, findings = fmt.Sprintf("Advice from %s: %s", who, Sentence(string(findings[0]))), nil
	case len(findings) > 1:
		e.Sentence = fmt.Sprintf("Advice from %s: what was found.", who)
	default:
		e.Sentence = fmt.Sprintf("A letter from %s.", who)
	}
	var old learner.Advice
	if was != nil {
		e.Sentence = fmt.Sprintf("On the advice of %s from %s: %s.", a.Date.Long(), who, count)
		old, findings = *was, now.Findings
	}
	for _, x := range findings {
		if !slices.Contains(old.Findings, x) {
			e.more("Found: %s", Sentence(string(x)))
		}
	}
	for _, x := range now.Recommendations {
		if slices.Contains(old.Recommendations, x) {
			continue
		}
		e.more("%s", Sentence(Capital(clause(string(x.Words)))+came(x)))
	}
}

// came says what came of a recommendation.
func came(x learner.Recommendation) string {
	switch {
	case x.NotFollowed != "":
		return ". Not followed; the reason given: " + Quoted(string(x.NotFollowed))
	case !x.Done.IsZero() && x.Action != "":
		return ". Done on " + x.Done.Long() + ": " + clause(string(x.Action))
	case !x.Done.IsZero():
		return ". Done on " + x.Done.Long()
	case x.Action != "":
		return ". Decided on: " + clause(string(x.Action))
	}
	return ""
}

// bearsJourney is bears for the acts of the journey; ok is false for any other act.
func bearsJourney(c Commit) (bears, ok bool) {
	kind := func(k recordfile.Kind) bool {
		return slices.ContainsFunc(c.Paths, func(p string) bool { at, _ := recordfile.KindAt(p); return at == k })
	}
	sealed := func(act string) bool {
		return slices.ContainsFunc(c.Paths, func(p string) bool {
			return path.Base(path.Dir(p)) == "seals" && strings.HasSuffix(p, "-"+act+".seal")
		})
	}
	switch c.Action {
	case "advance":
		return kind(recordfile.Move) && sealed("advance"), true
	case "passport":
		return kind(recordfile.Passport), true
	case "profile":
		return kind(recordfile.Profile), true
	case "agree":
		return (kind(recordfile.Passport) || kind(recordfile.Profile)) && sealed("agree"), true
	case "read":
		return kind(recordfile.Readings), true
	case "request", "withdraw":
		return kind(recordfile.Request), true
	case "send":
		return kind(recordfile.Request) && sealed("send"), true
	case "letter":
		return kind(recordfile.Letter) && sealed("letter"), true
	case "decide":
		return kind(recordfile.Decision) && sealed("decide"), true
	case "impact":
		return kind(recordfile.Impact) && sealed("impact"), true
	case "advice":
		return kind(recordfile.Advice), true
	case "undo":
		return undone(c), true
	}
	return false, false
}

// journeyed tells an act of the journey; false where it is none.
func (s speaker) journeyed(e *Event, c Commit) bool {
	switch c.Action {
	case "advance":
		s.moved(e, c)
	case "passport", "profile":
		s.wrote(e, c)
	case "agree":
		s.agreed(e, c)
	case "read":
		s.readings(e, c)
	case "request":
		s.asked(e, c)
	case "withdraw":
		e.Sentence = "A request that had not been sent was withdrawn: its draft was taken out."
	case "send":
		s.sent(e, c)
	case "letter":
		s.lettered(e, c)
	case "decide":
		s.decided(e, c)
	case "impact":
		s.lookedBack(e, c)
	case "advice":
		s.advised(e, c)
	case "handover":
		s.passedOn(e, c)
	case "receive":
		s.tookIn(e, c)
	case "receipt":
		s.receipted(e, c)
	case "hold", "release":
		s.holding(e, c)
	case "undo":
		s.tookBack(e, c)
	default:
		return false
	}
	return true
}

// undone reports whether a commit does what undo does: every file of it is as it was
// before the act it names.
func undone(c Commit) bool {
	if c.Undone == nil || c.Undone.Before == nil || c.Read == nil {
		return false
	}
	for _, p := range c.Paths {
		now, err := c.Read(p)
		was, none := c.Undone.Before(p)
		if (err == nil) != (none == nil) || !bytes.Equal(now, was) {
			return false
		}
	}
	return true
}

// tookBack tells an act that took another back, in the words of that other.
func (s speaker) tookBack(e *Event, c Commit) {
	was := EventOf(s.folder, s.record, *c.Undone)
	e.Sentence = fmt.Sprintf("Taken back, what was recorded on %s by %s: %s", date.Of(was.Recorded).Long(), was.By, was.Sentence)
	e.File = was.File
}
