// Package yamldoc owns YAML: bytes in, a tree with places out, and edits that
// change only the bytes of the edit. Nothing else imports a YAML library.
//
// Parse is the strict intake: a plain subset that PyYAML, js-yaml and sendctl
// all read to the same values, every fault it can find in one go. A file that is
// plain beyond doubt is read by plainReader, several times as quickly as by the
// library, which reads whatever plainReader declines and is what it is held to:
// run FuzzPlain after any change to either. OneSlip finds the line that is wrong in
// a file that cannot be read, by trying repairs of one line. Edit splices
// bytes into a file a person wrote, parses it again and demands that the
// meaning is the old one plus the edit, or refuses. Encode writes a new file in
// the house style.
//
// It must not touch a file, a clock or a domain word: which keys belong where is
// recordfile's business. Called by recordfile, pathway, merge and casework.
package yamldoc
