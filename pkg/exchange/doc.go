// Package exchange owns the reading and writing of what schools exchange about pupils:
// lists from a management information system, as CSV or XLSX with whatever headings it
// writes, and Common Transfer Files. What comes in becomes pupils with the place of every
// value and of every fault; what goes out is bytes.
//
// It trusts nothing that it reads, changes nothing of it silently, and knows no record
// folder: casework makes records of what it gives, census compares it with them. Headings
// and the words of other systems are data, schemas/columns.yaml.
package exchange
