// Package parcel owns the one single-file format in which sendctl passes things to
// somebody else: proof, handover, receipt. A parcel lists its files with their
// hashes, is signed where its maker has a key, encrypted to age recipients when they
// are given, and breaks when a bit of it changes.
//
// A parcel reads
//
//	sendctl-parcel/1
//	kind: proof
//	made: 2025-11-21T16:20:05Z
//	from: Thornelaw First School
//	by: grimes
//	learner: bk7m2xqt              only where it is about one learner
//	demonstration: 2026-06-01      only out of a demonstration folder
//	files: 2
//	file: sha256:64 hex digits 1234 attachments/report of the visit.pdf
//	file: sha256:64 hex digits 567 learner.yaml
//	-----BEGIN SSH SIGNATURE-----  and so on, when signed
//	                               an empty line
//	the bytes of the files, one after another
//	sha256: 64 hex digits          of everything before
//
// The lines above the signature are the manifest and what is signed, so that
// ssh-keygen alone can check it: `ssh-keygen -Y verify -n sendctl-parcel`. There is
// one spelling of every parcel. An encrypted one is an age file that holds it.
//
// To write: fill a Parcel and call Write with a seal.Signer (nil: unsigned) and
// recipients of ParseRecipients (none: not encrypted); it gives the parcel's hash,
// by which a receipt names it, and which is that of the plain parcel, encrypted or
// not. To read: Read, with the identities of ParseIdentities; then Parcel.Verify
// with a key that is known from elsewhere. What Read gives is whole, and its paths
// lead nowhere outside the folder they are laid under; whose it is, only Verify says.
//
// It alone imports age. It knows bytes and names; what they mean is the business of
// audit and casework, which call it.
package parcel
