package model

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/checkpoint"
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
	n := &Network{Schema: &dataset.Schema{}, Dir: filepath.Dir(path), Digest: f.Metadata[metaData]}
	doc, err := spec.Parse(path+" (its spec)", []byte(f.Metadata[metaSpec]), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	n.Config = Decode(doc, &p)
	n.Config.Dataset.Split.KeepResolved()
	if err := p.Err(doc); err != nil {
		return nil, fmt.Errorf("the spec in this model is of another version of dnn:\n%w", err)
	}
	if err := json.Unmarshal([]byte(f.Metadata[metaSchema]), n.Schema); err != nil {
		return nil, fmt.Errorf("%s: its schema cannot be read: %w", path, err)
	}
	if text := f.Metadata[metaRefit]; text != "" {
		if err := json.Unmarshal([]byte(text), &n.Refit); err != nil {
			return nil, fmt.Errorf("%s: how it was refitted cannot be read: %w", path, err)
		}
	}
	if n.Heads, err = readHeads(n.Schema, f.Metadata[metaTarget]); err != nil {
		return nil, fmt.Errorf("%s: its target cannot be read: %w", path, err)
	}
	if text := f.Metadata[metaTuning]; text != "" {
		var list Tunings
		if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != len(n.Heads) {
			return nil, fmt.Errorf("%s: what was fitted to its validation split cannot be read", path)
		}
		Tune(n, list)
	}
	buckets, err := readBuckets(n, f.Metadata[metaBuckets])
	if err != nil {
		return nil, fmt.Errorf("%s: its bucket lengths cannot be read: %w", path, err)
	}
	n.Schema = n.Schema.WithBuckets(buckets)
	file := &File{Path: path, Net: n, State: exec.NewState()}
	resumable := f.Metadata[metaPosition] != ""
	if resumable {
		file.Position = json.RawMessage(f.Metadata[metaPosition])
		n.rows = carriedRows(f)
	}
	if err := restore(n, f, file.State, resumable); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

// readHeads are the heads of a schema with what training wrote of them. Files of earlier versions have more under the same keys.
func readHeads(s *dataset.Schema, text string) ([]task.Head, error) {
	heads := s.Heads.Tasks()
	if len(heads) == 1 {
		return heads, json.Unmarshal([]byte(text), &heads[0].Training)
	}
	var list []task.Training
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, err
	}
	if len(list) != len(heads) {
		return nil, fmt.Errorf("it has %d targets, and the schema %d", len(list), len(heads))
	}
	for k := range list {
		naive := heads[k].Training.NaiveErrors
		heads[k].Training = list[k]
		heads[k].Training.NaiveErrors = naive
	}
	return heads, nil
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

// Part returns a split of the spec's own data as the model was trained on it: "train", "validation" or "test". Data that
// changed since is refused: its splits would be drawn anew, and rows of the training scored as if they were
// new.
func (f *File) Part(name string, options ...dataset.Option) (*dataset.Part, error) {
	var p spec.Problems
	data := dataset.LoadWith(&f.Net.Config.Dataset, f.Net.Schema, f.Net.Dir, f.Net.Config.Seed, &p, options...)
	if p.Len() > 0 {
		return nil, fmt.Errorf("the data this model was trained on cannot be read (score another file with --data FILE):\n%s", strings.Join(p.Messages(), "\n"))
	}
	if f.Net.Digest != "" && data.Digest != f.Net.Digest {
		return nil, fmt.Errorf("%s: the data changed since training, so its test split may hold rows of the training; bring the data back, or score a file with --data FILE", f.Path)
	}
	return data.Part(name), nil
}
