package objects

import "fmt"

// MissingError says that no store at hand holds the object: the clone is shallow
// or partial, or the repository is damaged.
type MissingError struct{ ID ID }

func (e *MissingError) Error() string { return "git object " + e.ID.String() + " is missing" }

// DamagedError says that bytes of the store are not what git writes.
type DamagedError struct {
	Where string // the file, with the offset or the object where one is known
	What  string
}

func (e *DamagedError) Error() string { return fmt.Sprintf("%s: damaged: %s", e.Where, e.What) }

// TooLargeError says that an object is larger than the store's Limit.
type TooLargeError struct {
	Where       string
	Size, Limit int64 // bytes
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("%s: object of %d bytes: the limit is %d", e.Where, e.Size, e.Limit)
}

// KindError says that an object is there and is something else than was asked for.
type KindError struct {
	ID        ID
	Got, Want Kind
}

func (e *KindError) Error() string {
	return fmt.Sprintf("git object %s is a %s: a %s was expected", e.ID, e.Got, e.Want)
}
