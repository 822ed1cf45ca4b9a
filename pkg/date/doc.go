// Package date owns civil dates: days without a clock or a time zone, as forms
// and the DfE count them, and the school years and terms they fall in.
//
// It must not read a clock: callers pass today in. Everything that says when
// something happened uses it; when something was recorded is a time.Time and
// belongs to the seal and to git.
package date
