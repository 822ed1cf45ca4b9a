// Package seal owns the seal: the small text file that says which bytes were
// recorded, for which learner, by whom, when, and after which other seals. It
// writes and reads that text, signs and verifies it with SSH keys, and compares
// the seals of one learner with the files they seal.
//
// A seal reads
//
//	format: seal/v1
//	learner: bk7m2xqt
//	file: k4f7
//	path: cycles/2025-09-29-initial-concerns-k4f7.yaml
//	sha256: 64 hex digits
//	act: review
//	date: 2025-11-21
//	recorded: 2025-11-21T16:20:05Z
//	by: grimes
//	demonstration: 2026-06-01      only in a demonstration folder
//	previous: sha256:64 hex digits one line for each, none in a first seal
//	salt: 32 hex digits
//	-----BEGIN SSH SIGNATURE-----  and so on, when signed
//
// The lines above the signature are what is signed, so that ssh-keygen alone can
// check one: with the seal's first part on standard input and its last part as
// the signature, `ssh-keygen -Y verify -n sendctl-seal`.
//
// It is pure: no disk, no clock, no git, no YAML. Where seals and keys are kept
// is the business of store, trail and sshkey; which verdict follows is audit's.
package seal
