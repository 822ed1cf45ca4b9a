// Package report turns records into views: plain structs that hold what one
// screen, page or JSON answer says, with the codes put into words. Pure: a
// folder and records in, values out; how a view looks is render's.
//
// How many learners there are is told here too, and small numbers are hidden in one
// place, suppress.go: see CoverLine and CoverCross.
//
// Views are also what --json prints, so their keys are stable. Wherever a value
// was corrected, the view holds both.
package report
