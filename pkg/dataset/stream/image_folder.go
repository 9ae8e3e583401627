package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/record"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// OpenFolder begins to read the images of a folder that holds a folder for each class, for a net whose only input is a
// image: each is a row, read as Open reads a table of paths and classes. Hidden files and those not named as images are
// left out. For a net that was trained on a file for each sequence it is a folder of those. Close must be called.
func OpenFolder(s *dataset.Schema, dir string, o Options) (*Stream, error) {
	if dataset.ContinuesText(s) {
		return nil, errContinues
	}
	if OfSequenceFiles(s) {
		return openSequenceFolder(s, dir, o)
	}
	if pathFiles(s) != nil {
		return nil, errNoTarget
	}
	in := s.ImageInput()
	if in == nil || s.Heads[0].Kind != task.Category {
		return nil, errors.New("a folder of images is for models that predict the class of an image")
	}
	w, err := format.WalkClasses(dir, format.Images)
	if err == nil {
		err = w.Fault(dir)
	}
	switch {
	case err != nil:
		return nil, err
	case len(w.Files) == 0:
		return nil, fmt.Errorf("%s holds no images in folders; expected a folder of images for each class", dir)
	}
	if o.WithTarget {
		if err := knowsClasses(s, dir, w.Distinct()); err != nil {
			return nil, err
		}
	}
	var rows bytes.Buffer
	lines := json.NewEncoder(&rows)
	for i := range w.Files {
		if err := lines.Encode(map[string]string{in.Columns[0]: w.Files[i].Name, s.Heads[0].Columns[0]: w.Classes[i]}); err != nil {
			return nil, err
		}
	}
	o.Format, o.Root = "jsonl", dir
	st, err := Open(s, &rows, dir, o)
	if err == nil {
		st.folder = true
	}
	return st, err
}

// knowsClasses reports classes of a folder that training did not see.
func knowsClasses(s *dataset.Schema, dir string, classes []string) error {
	var unknown []string
	for _, c := range classes {
		if !slices.Contains(s.Heads[0].Classes, c) {
			unknown = append(unknown, "folder "+c+": not one of the model's classes"+spec.DidYouMean(c, s.Heads[0].Classes))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	if rest := len(unknown) - phrase.Examples; rest > 0 {
		unknown = append(unknown[:phrase.Examples], fmt.Sprintf("%d more folders like this", rest))
	}
	return fmt.Errorf("%s: %s", dir, phrase.Join(unknown))
}

// Drop leaves the rows whose images cannot be read out of the batch that Next filled, and closes the gaps.
func (st *Stream) Drop(b *dataset.Batch) {
	kept := 0
	for i, err := range st.Errors() {
		if Unread(err) {
			continue
		}
		b.Move(kept, i)
		if len(st.places) > 0 {
			st.places[st.from+kept] = st.places[st.from+i]
		}
		kept++
	}
	b.Rows = kept
}

// Unread reports whether nothing is wrong with a row but an image that cannot be read.
func Unread(err error) bool {
	e, ok := err.(*record.RowError)
	return ok && e.Unread
}
