package model

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/task"
	"dnn/pkg/train/checkpoint"
)

// Keys of a model file's metadata.
const (
	metaSpec     = "spec"     // the resolved spec, paths relative to the file's folder
	metaSchema   = "schema"   // the fitted dataset.Schema as JSON
	metaBuckets  = "buckets"  // the dataset.Buckets that the net takes as JSON; absent in files of former versions
	metaTarget   = "target"   // the task.Training of the heads as JSON: one, or a list of several
	metaData     = "data"     // the digest of the data's files, by which changed data is known
	metaRefit    = "refit"    // the Refit as JSON; absent in models of the training split alone
	metaForms    = "forms"    // the weights.Forms as JSON; absent where all parameters are float32
	metaTuning   = "tuning"   // the Tuning of each head as JSON; absent where nothing was fitted
	metaPosition = "position" // the position of the training, as JSON; absent in models that cannot be resumed
)

// Save writes a model: its weights and state and, when position is not nil, all that resuming needs. Parameters that
// have a moving average are replaced by it in a finished model, so that every reader sees the weights that were scored.
func Save(path string, n *Network, state *exec.State, position any) error {
	t, err := NewTemplate(n, filepath.Dir(path))
	if err != nil {
		return err
	}
	f, err := t.Content(state, position)
	if err != nil {
		return err
	}
	return checkpoint.Write(path, f)
}

// Template is what all files of a net in one folder have in common: all but weights, state and position. The spec of a small
// net takes longer to encode than an epoch.
type Template struct {
	metadata map[string]string
	files    map[string]checkpoint.DType // of parameters with a form
}

// NewTemplate encodes what files of n in the folder dir have in common.
func NewTemplate(n *Network, dir string) (*Template, error) {
	text, err := n.SpecFor(dir)
	if err != nil {
		return nil, err
	}
	t := &Template{map[string]string{metaSpec: string(text)}, n.Forms.Files()}
	if n.Digest != "" {
		t.metadata[metaData] = n.Digest
	}
	values := map[string]any{metaSchema: n.Schema, metaBuckets: n.Schema.Buckets(), metaTarget: training(n.Heads)}
	if n.Refit != nil {
		values[metaRefit] = n.Refit
	}
	if n.Tuning != nil {
		values[metaTuning] = n.Tuning
	}
	if n.Forms.Any() {
		values[metaForms] = n.Forms
	}
	for key, value := range values {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		t.metadata[key] = string(data)
	}
	return t, nil
}

// Content is what Save writes. Its tensors are the state's own memory, not copies.
func (t *Template) Content(state *exec.State, position any) (*checkpoint.File, error) {
	f := &checkpoint.File{Metadata: t.metadata}
	resumable := position != nil
	if resumable {
		data, err := json.Marshal(position)
		if err != nil {
			return nil, err
		}
		f.Metadata = maps.Clone(t.metadata)
		f.Metadata[metaPosition] = string(data)
	}
	for _, name := range state.Names() {
		from := name
		switch {
		case state.Class(name) == graph.Slot && !resumable, strings.HasPrefix(name, carriedInScoring):
			continue
		case name == VarWeights && !resumable && state.Data(VarAverage) != nil:
			from = VarAverage
		}
		for _, p := range pieces(state, name, from) {
			p.storeAs(t.files)
			f.Tensors = append(f.Tensors, p.tensor())
		}
	}
	return f, nil
}

// training is what the training split says of the only head, or of each.
func training(heads []task.Head) any {
	if len(heads) == 1 {
		return heads[0].Training
	}
	var list []task.Training
	for _, h := range heads {
		list = append(list, h.Training)
	}
	return list
}
