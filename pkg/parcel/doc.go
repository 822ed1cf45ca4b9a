// Package parcel owns the one single-file format in which sendctl passes things to
// somebody else: proof, handover, receipt. A parcel lists its files with their
// hashes, is signed where its maker has a key, encrypted to age recipients when they
// are given, and breaks when a bit of it changes.
//
// It alone imports age. It knows bytes and names; what they mean is the business of
// audit and casework, which call it.
package parcel

import _ "filippo.io/age" // held in go.mod until the format is written
