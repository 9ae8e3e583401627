package model

import (
	"encoding/json"
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
	metaTuning   = "tuning"   // the Tuning of each head as JSON; absent where nothing was fitted
	metaPosition = "position" // the position of the training, as JSON; absent in models that cannot be resumed
)

// Save writes a model: its weights and state and, when position is not nil, all that resuming needs. Parameters that
// have a moving average are replaced by it in a finished model, so that every reader sees the weights that were scored.
func Save(path string, n *Network, state *exec.State, position any) error {
	f, err := Content(path, n, state, position)
	if err != nil {
		return err
	}
	return checkpoint.Write(path, f)
}

// Content is what Save writes to path. Its tensors are the state's own memory, not copies.
func Content(path string, n *Network, state *exec.State, position any) (*checkpoint.File, error) {
	f := &checkpoint.File{Metadata: map[string]string{}}
	text, err := n.SpecFor(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	f.Metadata[metaSpec] = string(text)
	if n.Digest != "" {
		f.Metadata[metaData] = n.Digest
	}
	for key, value := range map[string]any{metaSchema: n.Schema, metaBuckets: n.Schema.Buckets(), metaTarget: training(n.Heads), metaPosition: position} {
		if value == nil {
			continue
		}
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		f.Metadata[key] = string(data)
	}
	more := map[string]any{}
	if n.Refit != nil {
		more[metaRefit] = n.Refit
	}
	if n.Tuning != nil {
		more[metaTuning] = n.Tuning
	}
	for key, value := range more {
		data, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		f.Metadata[key] = string(data)
	}
	resumable := position != nil
	for _, name := range state.Names() {
		data := state.Data(name)
		switch {
		case state.Class(name) == graph.Slot && !resumable, strings.HasPrefix(name, carriedInScoring):
			continue
		case name == VarWeights && !resumable && state.Data(VarAverage) != nil:
			data = state.Data(VarAverage)
		}
		for _, p := range pieces(state, name, data) {
			f.Tensors = append(f.Tensors, checkpoint.New(p.name, p.shape, p.data))
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
