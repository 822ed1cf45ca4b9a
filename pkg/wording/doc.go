// Package wording judges one sentence of a plan, a target or a provision, and deficit
// language and jargon anywhere: is it plain, can it be seen, counted and dated, and does
// it say who gives what, how often, for how long and to how many.
//
// It goes by classes of words (schemas/words) and by where they stand in the sentence,
// not by sentences it knows. It advises: what it finds may always be meant.
//
// A false alarm costs more than a fault missed, for whoever meets three turns the advice
// off. So where words nobody listed may be the part that seems missing, a name, a clause of
// its own, a figure in brackets, or a long sentence with room for more, it is silent.
//
// It is pure: no file, no clock. It must not know a record; the caller says with Given
// what stands in the other fields. Called by rules and casework.
package wording
