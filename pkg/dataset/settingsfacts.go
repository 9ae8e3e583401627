package dataset

import (
	"slices"
)

// SkipsFiles reports whether files of sequences that cannot be read are left out.
func (s *Settings) SkipsFiles() bool {
	f, ok := s.Format.(*SequenceFolder)
	return ok && f.OnError == "skip"
}

// SkipsPictures reports whether pictures that cannot be read are left out.
func (s *Settings) SkipsPictures() bool {
	if f, ok := s.Format.(*ImageFolder); ok {
		return f.OnError == "skip"
	}
	return slices.ContainsFunc(s.Inputs, func(in InputSettings) bool {
		m, ok := in.Type.(*Image)
		return ok && m.OnError == "skip"
	})
}
