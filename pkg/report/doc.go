// Package report turns records into views: plain structs that hold what one
// screen, page or JSON answer says, with the codes put into words. Pure: a
// folder and records in, values out; how a view looks is render's.
//
// Views are also what --json prints, so their keys are stable. Wherever a value
// was corrected, the view holds both.
package report
