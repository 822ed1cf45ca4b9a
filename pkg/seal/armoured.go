package seal

// Armoured gives an armoured SSH signature in its one spelling, as ssh-keygen wraps
// it; an error where b is none. Whatever else of sendctl's carries a
// signature (a checkpoint, a parcel) holds it so.
func Armoured(b []byte) ([]byte, error) { return rearmour(b) }
