package learner

import "github.com/sendctl/sendctl/pkg/date"

// KeyChange is key/v1: one change of the roster of signing keys; sealed. people.yaml
// shows what all of them come to.
type KeyChange struct {
	Format  string    `yaml:"format"`
	ID      string    `yaml:"id"`
	Date    date.Date `yaml:"date"`
	What    string    `yaml:"what"` // add or revoke
	Person  string    `yaml:"person"`
	Public  string    `yaml:"public"` // one authorized_keys line
	From    date.Date `yaml:"from"`
	Until   date.Date `yaml:"until"`
	Covers  []string  `yaml:"covers"` // revoke: the latest seal of every learner the key had signed for
	Because Words     `yaml:"because"`
	By      string    `yaml:"by"`
}

// Removal is removal/v1: what stays of a learner, or of one sealed file, that was
// taken out of the whole history; sealed. It names nobody but the adults who decided.
type Removal struct {
	Format  string    `yaml:"format"`
	ID      string    `yaml:"id"`
	Date    date.Date `yaml:"date"`
	Learner string    `yaml:"learner"`
	What    string    `yaml:"what"`         // learner or file
	Files   []string  `yaml:"files"`        // ids, where it was not everything
	Seals   []string  `yaml:"seals,always"` // hashes of the seals that went, in the order of their chain
	Receipt string    `yaml:"receipt"`
	Because Words     `yaml:"because"`
	By      string    `yaml:"by"`
	With    string    `yaml:"with"`
}

// Place is a school or other setting that a record comes from or goes to.
type Place struct {
	Name  Words  `yaml:"name"`
	LA    string `yaml:"la"`    // three digits
	Estab string `yaml:"estab"` // four digits
	URN   string `yaml:"urn"`   // six digits
}

// Handover says that the record was passed on; sealed, and part of what goes.
// Source of the 15 school days: the Education (Pupil Information) (England)
// Regulations 2005.
type Handover struct {
	Format   string    `yaml:"format"`
	Learner  string    `yaml:"learner"`
	ID       string    `yaml:"id"`
	Date     date.Date `yaml:"date"`
	To       Place     `yaml:"to"`
	RemoveBy date.Date `yaml:"remove_by"` // 15 school days after Date
	Because  Words     `yaml:"because"`   // why a copy is kept longer
	Anyway   Words     `yaml:"anyway"`    // why it went although not all of it is as it was sealed
	By       string    `yaml:"by"`
}

// Receipt is what the receiving setting answered to a handover; sealed.
type Receipt struct {
	Format   string    `yaml:"format"`
	Learner  string    `yaml:"learner"`
	ID       string    `yaml:"id"`
	Handover string    `yaml:"handover"`
	Date     date.Date `yaml:"date"`
	From     Place     `yaml:"from"`
	Parcel   string    `yaml:"parcel"` // hash of the parcel taken in
	Words    Words     `yaml:"words"`
	By       string    `yaml:"by"`
}

// Arrival says that the record came from another setting; sealed.
type Arrival struct {
	Format   string    `yaml:"format"`
	Learner  string    `yaml:"learner"`
	ID       string    `yaml:"id"`
	Date     date.Date `yaml:"date"`
	From     Place     `yaml:"from"`
	Handover string    `yaml:"handover"`
	Parcel   string    `yaml:"parcel"`  // hash of the parcel it came in
	People   string    `yaml:"people"`  // hash of learners/ID/people.yaml as it came
	Seals    Number    `yaml:"seals"`   // how many came with it
	Because  Words     `yaml:"because"` // why it was taken in after a removal, or although not as it was sealed
	By       string    `yaml:"by"`
}

// Hold is why a record may not be removed yet, whatever its age.
type Hold struct {
	From    date.Date `yaml:"from"`
	Until   date.Date `yaml:"until"` // the day it was released
	By      string    `yaml:"by"`
	Because Words     `yaml:"because"`
	// Released says why it was released, where that is said.
	Released Words `yaml:"released"`
}

// Remote is a place that copies of the folder may be kept in step with.
type Remote struct {
	URL     string `yaml:"url"` // as git has it, without a password
	Because Words  `yaml:"because"`
}
