// Package rules owns what must hold in a record beyond the shape of one file:
// references resolve, names say what the file says, dates are in order, what is
// sealed is unchanged. One rule, one file; All is the one list of them.
//
// It is pure: a folder in, findings out.
package rules
