package dataset

import (
	"path/filepath"

	"dnn/pkg/spec"
)

// filed is a format or type of input that reads files; each is called with every path in its settings.
type filed interface {
	eachFile(each func(path *string))
}

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
	if from, err = filepath.Abs(from); err != nil {
		return nil, err
	}
	if to, err = filepath.Abs(to); err != nil {
		return nil, err
	}
	move := func(path *string) {
		if filepath.IsAbs(*path) {
			return
		}
		full := filepath.Join(from, *path)
		if rel, err := filepath.Rel(to, full); err == nil {
			full = rel
		}
		*path = filepath.ToSlash(full)
	}
	if f, ok := moved.Format.(filed); ok {
		f.eachFile(move)
	}
	for _, in := range moved.Inputs {
		if f, ok := in.Type.(filed); ok {
			f.eachFile(move)
		}
	}
	return moved, nil
}
