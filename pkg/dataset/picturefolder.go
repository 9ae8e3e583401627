package dataset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// OpenFolder begins to read the pictures of a folder that holds a folder for each class, for a net whose only input is a
// picture: each is a row, read as Open reads a table of paths and classes. Hidden files and those not named as pictures are
// left out.
func (s *Schema) OpenFolder(dir string, o StreamOptions) (*Stream, error) {
	in := s.PictureInput()
	if in == nil || s.Target.Kind != "category" {
		return nil, errors.New("a folder of pictures is for models that tell the classes of pictures apart")
	}
	w, err := walkClasses(dir)
	switch {
	case err != nil:
		return nil, err
	case len(w.errs) > 0:
		return nil, w.errs[0]
	case len(w.odd) > 0:
		return nil, fmt.Errorf("%s: the name %s of a folder is not UTF-8; rename it", dir, quote(w.odd[0]))
	case len(w.files) == 0:
		return nil, fmt.Errorf("%s holds no pictures in folders; want a folder of them for each class", dir)
	}
	var rows bytes.Buffer
	lines := json.NewEncoder(&rows)
	for i := range w.files {
		if err := lines.Encode(map[string]string{in.Columns[0]: w.files[i].name, s.Target.Names[0]: w.classes[i]}); err != nil {
			return nil, err
		}
	}
	o.Format, o.Root = "jsonl", dir
	return s.Open(&rows, dir, o)
}
