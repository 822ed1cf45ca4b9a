// Package examples holds the made-up school. thornelaw/ is the finished record
// folder for people to read; acts/ is everything its made-up staff recorded, in
// order, from which `sendctl demo` builds the same bytes. A test holds the two
// equal. Everybody in it is invented.
package examples
