package dataset

import (
	"dnn/pkg/dataset/format"
	"dnn/pkg/spec"
)

// Rebase returns a copy of the settings whose relative paths, which hold from the folder from, hold from the folder to.
// A spec that is kept elsewhere than where it was written finds its data by it.
func (s *Settings) Rebase(from, to string) (*Settings, error) {
	doc, err := spec.Parse("dataset", spec.Encode(s), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	moved := &Settings{}
	doc.Decode(moved, &p)
	if err := p.Err(doc); err != nil {
		return nil, err
	}
	move, err := spec.Mover(from, to)
	if err != nil {
		return nil, err
	}
	if f, ok := moved.Format.(format.Filed); ok {
		f.EachFile(move)
	}
	for _, in := range moved.Inputs {
		if f, ok := in.Type.(format.Filed); ok {
			f.EachFile(move)
		}
	}
	return moved, nil
}
