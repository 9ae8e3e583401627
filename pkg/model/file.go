package model

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/checkpoint"
	"dnn/pkg/weights"
)

// File is a model file read into memory.
type File struct {
	Path     string
	Net      *Network
	State    *exec.State
	Position json.RawMessage // nil when the file holds a finished model only
}

// Load reads a model file. The error of a damaged or foreign file names it and says what is wrong.
func Load(path string) (*File, error) {
	f, err := checkpoint.Read(path)
	if err != nil {
		return nil, err
	}
	c, err := readSpec(path, f.Metadata[metaSpec])
	if err != nil {
		return nil, err
	}
	n := &Network{Config: c, Schema: &dataset.Schema{}, Dir: filepath.Dir(path), Digest: f.Metadata[metaData]}
	if err := n.Schema.UnmarshalJSON([]byte(f.Metadata[metaSchema])); err != nil {
		return nil, damaged(path, "schema", err)
	}
	if text := f.Metadata[metaRefit]; text != "" {
		if err := json.Unmarshal([]byte(text), &n.Refit); err != nil {
			return nil, damaged(path, "refit", err)
		}
	}
	if n.Heads, err = readHeads(n.Schema, f.Metadata[metaTarget]); err != nil {
		return nil, damaged(path, "target", err)
	}
	if text := f.Metadata[metaTuning]; text != "" {
		list, err := readTunings(n.Heads, text)
		if err != nil {
			return nil, damaged(path, "tuning", err)
		}
		Tune(n, list)
	}
	if err := fitHeads(n); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, checkpoint.ErrDamaged, err)
	}
	resumable := f.Metadata[metaPosition] != ""
	if text := f.Metadata[metaForms]; text != "" {
		if err := readForms(n, text, resumable); err != nil {
			return nil, damaged(path, "forms of weights", err)
		}
	}
	file := &File{Path: path, Net: n, State: exec.NewState()}
	if resumable {
		file.Position = json.RawMessage(f.Metadata[metaPosition])
		n.rows = carriedRows(f)
	}
	if err := restore(n, f, file.State, resumable); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", path, checkpoint.ErrDamaged, err)
	}
	buckets, err := readBuckets(n, f.Metadata[metaBuckets])
	if err != nil {
		return nil, damaged(path, "bucket lengths", err)
	}
	n.Schema = n.Schema.WithBuckets(buckets)
	return file, nil
}

// Part returns a split of the spec's own data as the model was trained on it: "train", "validation" or "test". Data that
// changed since is refused: its splits would be drawn anew, and rows of the training scored as if they were
// new.
func (f *File) Part(name string, options ...dataset.Option) (*dataset.Part, error) {
	data, err := f.Data(options...)
	if err != nil {
		return nil, err
	}
	return data.Part(name), nil
}

// Data is all splits of the spec's own data, as Part returns one.
func (f *File) Data(options ...dataset.Option) (*dataset.Data, error) {
	var p spec.Problems
	data := dataset.LoadWith(&f.Net.Config.Dataset, f.Net.Schema, f.Net.Dir, f.Net.Config.Seed, &p, append(options, dataset.Foreign())...)
	switch {
	case data.Absent || p.Len() > 0 && f.trainedOn(data):
		return nil, fmt.Errorf("the data this model was trained on cannot be read (score another file with --data FILE):\n%s", strings.Join(p.Messages(), "\n"))
	case p.Len() > 0:
		return nil, fmt.Errorf("%s: the data is not that of the training, and is not what the model expects; bring the data back, or score a file with --data FILE", f.Path)
	case f.Net.Digest != "" && !f.trainedOn(data):
		return nil, fmt.Errorf("%s: the data changed since training, so its test split may hold rows of the training; bring the data back, or score a file with --data FILE", f.Path)
	}
	return data, nil
}

// trainedOn reports whether data is what the model was trained on, as far as it says so. What is wrong with other data is not told
// in detail: a model file of others may name any file, and a message quotes what is in it.
func (f *File) trainedOn(data *dataset.Data) bool {
	return f.Net.Digest != "" && data.Digest == f.Net.Digest
}

// A model file may come from others, so loading it checks that its parts fit together: what it says of the data, of the net
// and of the training. Each part alone is valid, as its own package says.

// damaged is an error of a part of the file at path.
func damaged(path, part string, err error) error {
	return fmt.Errorf("%s: %w: its %s cannot be read: %w", path, checkpoint.ErrDamaged, part, err)
}

// readHeads are the heads of a schema with what training wrote of them. Files of earlier versions have more under the same keys.
func readHeads(s *dataset.Schema, text string) ([]task.Head, error) {
	heads := s.Heads.Tasks()
	list := make([]task.Training, 1)
	if len(heads) == 1 {
		list[0] = heads[0].Training
		if err := json.Unmarshal([]byte(text), &list[0]); err != nil {
			return nil, err
		}
	} else if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	if len(list) != len(heads) {
		return nil, fmt.Errorf("it has %d targets, and the schema %d", len(list), len(heads))
	}
	for k := range list {
		naive := heads[k].Training.NaiveErrors
		heads[k].Training = list[k]
		heads[k].Training.NaiveErrors = naive
		if err := validTraining(&heads[k]); err != nil {
			return nil, fmt.Errorf("%s: %w", heads[k].Name, err)
		}
	}
	return heads, nil
}

// validTraining says what is wrong with what training wrote of a head.
func validTraining(h *task.Head) error {
	t := &h.Training
	counts := len(h.Classes)
	if h.Kind == task.Labels {
		counts = h.Width
	}
	if n := len(t.Counts); n != 0 && n != counts {
		return fmt.Errorf("%d classes are counted, expected %d", n, counts)
	}
	if n := len(t.Means); n != 0 && n != h.Width {
		return fmt.Errorf("it has %d means, expected %d", n, h.Width)
	}
	if t.Rows < 0 || slices.ContainsFunc(t.Counts, func(x float64) bool { return x < 0 }) {
		return fmt.Errorf("rows are counted below 0")
	}
	return nil
}

// readBuckets are the bucket lengths of a file; where it has none, the net is asked anew.
func readBuckets(n *Network, text string) (b dataset.Buckets, err error) {
	if text == "" {
		return (&probe{net: n}).buckets(), nil
	}
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return nil, err
	}
	if err := n.Schema.CheckBuckets(b); err != nil {
		return nil, err
	}
	for i := range b { // a foreign file must not take the machine's memory
		b[i].MaxSteps = min(b[i].MaxSteps, longestSteps)
	}
	return b, nil
}

// readForms are the forms of the net's parameters.
func readForms(n *Network, text string, resumable bool) error {
	if resumable {
		return fmt.Errorf("a training keeps all weights as numbers that it can change")
	}
	var forms weights.Forms
	if err := json.Unmarshal([]byte(text), &forms); err != nil {
		return err
	}
	return keepIn(n, &forms)
}

// readTunings are what was fitted to the validation split.
func readTunings(heads []task.Head, text string) (list Tunings, err error) {
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	if len(list) != len(heads) {
		return nil, fmt.Errorf("it has %d targets, expected %d", len(list), len(heads))
	}
	for k, t := range list {
		h := &heads[k]
		switch {
		case !(t.Temperature >= 0) || math.IsInf(t.Temperature, 0), t.Threshold < 0 || t.Threshold > 1:
			return nil, fmt.Errorf("%s: the temperature is %v, the threshold %v", h.Name, t.Temperature, t.Threshold)
		case t.Threshold > 0 && h.Kind != task.Binary, len(t.Intervals) > 0 && h.Kind != task.Number:
			return nil, fmt.Errorf("%s: it does not fit what is predicted", h.Name)
		}
		for _, in := range t.Intervals {
			if len(in.Widths) != h.Width {
				return nil, fmt.Errorf("%s: an interval has %d widths, expected %d", h.Name, len(in.Widths), h.Width)
			}
		}
	}
	return list, nil
}

// fitHeads says what keeps losses, metrics and the output of the net from being for its heads.
func fitHeads(n *Network) error {
	c := n.compiler(graph.NewBuilder(), Rows(1), false)
	for k, h := range n.Heads {
		if l, _ := n.Loss(k); l == nil || n.Config.Loss.One != nil && len(n.Heads) > 1 {
			c.p.Add("loss", "is missing for the target %q", h.Name)
		}
		checkMetrics(metricsPath(&n.Config.Metrics, h.Name), n.Metrics(k), h, c.p)
	}
	if c.p.Len() > 0 {
		return c.unchecked()
	}
	if _, sequences := n.Schema.Chunkable(); n.Config.Train.Stateful {
		checkChunks(sequences, n.Heads, c.p)
	}
	outs, _ := c.forward()
	for k := range outs {
		if l, _ := n.Loss(k); c.p.Len() == 0 {
			l.Check(n.Heads[k], outs[k].Value, c.p)
		}
	}
	if c.p.Len() > 0 {
		return c.unchecked()
	}
	return nil
}

// readSpec decodes the spec of a file.
func readSpec(path, text string) (*Config, error) {
	doc, err := spec.Parse(path+" (its spec)", []byte(text), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	c := Decode(doc, &p)
	c.Dataset.Split.KeepResolved()
	if err := p.Err(doc); err != nil {
		return nil, fmt.Errorf("the spec in this model is of another version of dnn:\n%w", err)
	}
	return c, nil
}
