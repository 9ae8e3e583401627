package dataset

import (
	"slices"

	"dnn/pkg/dataset/format"
)

// SkipsFiles reports whether files of sequences that cannot be read are left out.
func (s *Settings) SkipsFiles() bool {
	f, ok := s.Format.(format.FileSequences)
	return ok && f.Skips()
}

// SkipsPictures reports whether pictures that cannot be read are left out.
func (s *Settings) SkipsPictures() bool {
	if f, ok := s.Format.(format.Skipper); ok {
		return f.Skips() && !s.SkipsFiles()
	}
	return slices.ContainsFunc(s.Inputs, func(in InputSettings) bool {
		m, ok := in.Type.(format.Skipper)
		return ok && m.Skips()
	})
}
