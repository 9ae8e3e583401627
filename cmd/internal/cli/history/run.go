package history

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dnn/internal/regular"
	"dnn/pkg/compress"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// RepeatFile is in a folder of several runs, and says how they differ.
const RepeatFile = "repeat.json"

// Run is what the folder of a run tells, or that of several runs with the same spec.
type Run struct {
	Dir       string    `json:"run"`
	Name      string    `json:"name"`
	Date      time.Time `json:"date"` // of its last validation
	Epochs    int       `json:"epochs"`
	BestEpoch int       `json:"best_epoch"`
	Monitor   string    `json:"monitor"`
	Done      bool      `json:"done"`
	Fast      bool      `json:"fast,omitempty"`
	Several   bool      `json:"-"`              // it is the folder of several runs
	Runs      int       `json:"runs,omitempty"` // of several, that came to their end; the figures are their mean
	Figures   Figures   `json:"figures"`

	Spec *spec.Document `json:"-"`
}

// Figure is a figure of a split: validation_loss, test_accuracy.
type Figure struct {
	Name  string
	Value float64
}

// Figures are those of a run, in the order in which reports show them.
type Figures []Figure

// Get returns a figure, and whether there is one of that name.
func (f Figures) Get(name string) (float64, bool) {
	if i := slices.IndexFunc(f, func(one Figure) bool { return one.Name == name }); i >= 0 {
		return f[i].Value, true
	}
	return 0, false
}

// MarshalJSON writes a mapping.
func (f Figures) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, one := range f {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(one.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(one.Value)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// Has reports whether a folder is that of a run, or of several.
func Has(dir string) bool {
	for _, name := range []string{train.MetricsFile, RepeatFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// files are what is read of the folder of a run.
var files = []string{train.SpecFile, RepeatFile, ResultFile, train.MetricsFile}

// Read reads the folder of a run. What an interrupted run lacks stays empty.
func Read(dir string) (*Run, error) {
	r := &Run{Dir: dir}
	for _, name := range files { // a pipe would block
		if err := regular.Check(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	doc, err := spec.LoadResolved(filepath.Join(dir, train.SpecFile), nil)
	if err != nil {
		return nil, err
	}
	r.Spec = doc
	_, err = os.Stat(filepath.Join(dir, RepeatFile))
	r.Several = err == nil
	for _, leaf := range doc.Leaves() {
		switch leaf.Path {
		case "name":
			r.Name = leaf.Text
		case "train.monitor":
			r.Monitor = leaf.Text
		}
	}
	for _, name := range files {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			r.Date = info.ModTime()
		}
	}
	if data, err := os.ReadFile(filepath.Join(dir, ResultFile)); err == nil {
		if err := r.readResult(data); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, ResultFile), err)
		}
		return r, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return r, r.readLog(filepath.Join(dir, train.MetricsFile))
}

// splitNames are the splits whose figures a result holds.
var splitNames = []string{"train", "validation", "test"}

// readResult reads the result of a run, or of several.
func (r *Run) readResult(data []byte) error {
	var one struct {
		Epochs    int               `json:"epochs"`
		BestEpoch int               `json:"best_epoch"`
		Monitor   string            `json:"monitor"`
		Fast      bool              `json:"fast"`
		Runs      []json.RawMessage `json:"runs"`
	}
	var figures struct {
		Several map[string]map[string]struct {
			Mean *float64 `json:"mean"`
		} `json:"figures"`
	}
	for _, into := range []any{&one, &figures} {
		if err := json.Unmarshal(data, into); err != nil {
			return err
		}
	}
	r.Done, r.Epochs, r.BestEpoch, r.Fast, r.Runs = true, one.Epochs, one.BestEpoch, one.Fast, len(one.Runs)
	if one.Monitor != "" {
		r.Monitor = one.Monitor
	}
	if r.Runs > 0 { // the first says in which order figures come
		data = one.Runs[0]
	}
	splits := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &splits); err != nil {
		return err
	}
	if splits == nil {
		return errors.New("expected the result of a run, got null")
	}
	for _, split := range splitNames {
		list, err := figuresOf(split, splits[split])
		if err != nil {
			return err
		}
		for _, f := range list {
			if r.Runs > 0 {
				mean := figures.Several[split][strings.TrimPrefix(f.Name, split+"_")].Mean
				if mean == nil {
					continue
				}
				f.Value = *mean
			}
			r.Figures = append(r.Figures, f)
		}
	}
	return nil
}

// figuresOf lists the numbers of a split's scores, in their order.
func figuresOf(split string, scores json.RawMessage) (list Figures, err error) {
	if len(scores) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(scores))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value any
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		name := fmt.Sprint(key)
		if x, ok := value.(float64); ok && name != "rows" && name != "steps" && !strings.HasSuffix(name, "_steps") {
			list = append(list, Figure{split + "_" + name, x})
		}
	}
	return list, nil
}

// readLog reads the log of a run that did not come to its end: the figures of its best validation.
func (r *Run) readLog(path string) error {
	f, err := regular.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var l struct {
			Epoch      int             `json:"epoch"`
			Best       bool            `json:"best"`
			Validation json.RawMessage `json:"validation"`
		}
		if json.Unmarshal(lines.Bytes(), &l) != nil { // a line that was cut short
			continue
		}
		if r.Epochs = l.Epoch; l.Best {
			r.BestEpoch = l.Epoch
			if r.Figures, err = figuresOf("validation", l.Validation); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
		}
	}
	return lines.Err()
}

// Folder is the folder of a run that an argument names: the folder itself, or the newest run in it.
func Folder(arg string) (string, error) {
	info, err := os.Stat(arg)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", fmt.Errorf("%s: expected the folder of a run", arg)
	}
	if Has(arg) {
		return filepath.Clean(arg), nil
	}
	dir, err := Newest(arg, func(string) bool { return true })
	if err == nil && dir == "" {
		err = fmt.Errorf("%s: no run is in that folder", arg)
	}
	return dir, err
}

// Newest is the newest suitable run below a folder, without trials (--fast), or "".
func Newest(root string, will func(dir string) bool) (string, error) {
	dirs, err := Find(root)
	if err != nil {
		return "", err
	}
	var newest *Run
	for _, dir := range dirs {
		if !will(dir) || strings.HasPrefix(filepath.Base(dir), "fast-") {
			continue
		}
		if r, err := Read(dir); err == nil && (newest == nil || !r.Date.Before(newest.Date)) {
			newest = r
		}
	}
	if newest == nil {
		return "", nil
	}
	return newest.Dir, nil
}

// leftOf reports whether a folder is what is left of that of a run.
func leftOf(dir string) bool {
	for _, name := range []string{ResultFile, train.LastFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// Find lists the folders of runs below a folder, or the folder itself, in the order of their names. Those of several runs come
// before theirs.
func Find(root string) (dirs []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if _, err := os.Stat(filepath.Join(path, compress.StepFile)); err == nil && path != root { // its training is no run
			return fs.SkipDir
		}
		if !Has(path) && !leftOf(path) {
			return nil
		}
		dirs = append(dirs, path)
		if _, err := os.Stat(filepath.Join(path, RepeatFile)); err == nil {
			return nil
		}
		return fs.SkipDir
	})
	return dirs, err
}
