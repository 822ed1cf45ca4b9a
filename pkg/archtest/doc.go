// Package archtest holds the house to its plan: floors, owners of foreign
// libraries, pure packages, no work done before main. It has tests only, and
// reads the source as text, so that it needs neither network nor build.
//
// floors_test.go is the plan. A new package gets its line there first.
package archtest
