package yamldoc

func (f *faults) syntax(text []byte, err error) {
	f.add("yaml-syntax", 0, 0, "this line cannot be read", "")
}
