package model

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
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
	metaPosition = "position" // the position of the training, as JSON; absent in models that cannot be resumed
)

// File is a model file read into memory.
type File struct {
	Path     string
	Net      *Network
	State    *exec.State
	Position json.RawMessage // nil when the file holds a finished model only
}

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
	for key, value := range map[string]any{metaSchema: n.Schema, metaBuckets: n.Schema.Buckets(), metaTarget: n.training(), metaPosition: position} {
		if value == nil {
			continue
		}
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
func (n *Network) training() any {
	if len(n.Heads) == 1 {
		return n.Heads[0].Training
	}
	var list []task.Training
	for _, h := range n.Heads {
		list = append(list, h.Training)
	}
	return list
}

// setTraining takes over what training wrote. Files of earlier versions have more under the same keys.
func (n *Network) setTraining(text []byte) error {
	if len(n.Heads) == 1 {
		return json.Unmarshal(text, &n.Heads[0].Training)
	}
	var list []task.Training
	if err := json.Unmarshal(text, &list); err != nil {
		return err
	}
	if len(list) != len(n.Heads) {
		return fmt.Errorf("it has %d targets, and the schema %d", len(list), len(n.Heads))
	}
	for k := range list {
		n.Heads[k].Training.Rows, n.Heads[k].Training.Counts = list[k].Rows, list[k].Counts
	}
	return nil
}

// piece is one named array of a file and where it lies in memory.
type piece struct {
	name  string
	shape graph.Shape
	data  []float32
}

// pieces cuts a variable's array into its parameters. Weights bear their own names; what an optimizer keeps for each of
// them is named after both: optimizer.momentum/dense_1.weight.
func pieces(state *exec.State, name string, data []float32) []piece {
	params := state.Params(name)
	prefix := ""
	if params == nil && state.Class(name) == graph.Slot && len(data) == len(state.Data(VarWeights)) && !strings.HasPrefix(name, carriedInTraining) {
		params, prefix = state.Params(VarWeights), name+"/"
	}
	if params == nil {
		return []piece{{name, state.Shape(name), data}}
	}
	var list []piece
	for _, p := range params {
		list = append(list, piece{prefix + p.Name, p.Shape, data[p.Offset : p.Offset+p.Shape.Size()]})
	}
	return list
}

// restore copies the tensors of a file into the variables of state. Every variable must be found, in its own shape.
func restore(path string, f *checkpoint.File, state *exec.State) error {
	for _, name := range state.Names() {
		if strings.HasPrefix(name, carriedInScoring) { // filled when scoring begins
			continue
		}
		for _, to := range pieces(state, name, state.Data(name)) {
			from := f.Tensor(to.name)
			if from == nil {
				return fmt.Errorf("%s: has no tensor %s", path, to.name)
			}
			if !to.shape.Equal(from.Shape) {
				return fmt.Errorf("%s: tensor %s is %v, the net expects %v", path, to.name, graph.Shape(from.Shape), to.shape)
			}
			values, err := checkpoint.Values[float32](from)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			copy(to.data, values)
		}
	}
	return nil
}

// SpecFor prints the resolved spec with every default, its paths made to hold from the folder dir; "" leaves them as they
// are.
func (n *Network) SpecFor(dir string) ([]byte, error) {
	c := *n.Config
	if dir != "" {
		moved, err := c.Dataset.Rebase(n.Dir, dir)
		if err != nil {
			return nil, err
		}
		c.Dataset = *moved
	}
	return spec.Encode(&c), nil
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
	if err := p.Err(doc); err != nil {
		return nil, fmt.Errorf("the spec in this model is of another version of dnn:\n%w", err)
	}
	if err := json.Unmarshal([]byte(f.Metadata[metaSchema]), n.Schema); err != nil {
		return nil, fmt.Errorf("%s: its schema cannot be read: %w", path, err)
	}
	n.Heads = n.Schema.Heads.Tasks()
	if err := n.setTraining([]byte(f.Metadata[metaTarget])); err != nil {
		return nil, fmt.Errorf("%s: its target cannot be read: %w", path, err)
	}
	if err := n.readBuckets(f.Metadata[metaBuckets]); err != nil {
		return nil, fmt.Errorf("%s: its bucket lengths cannot be read: %w", path, err)
	}
	file := &File{Path: path, Net: n, State: exec.NewState()}
	resumable := f.Metadata[metaPosition] != ""
	if resumable {
		file.Position = json.RawMessage(f.Metadata[metaPosition])
		n.rows = carriedRows(f)
	}
	if err := n.Bind(file.State, resumable); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return file, restore(path, f, file.State)
}

// readBuckets takes up the bucket lengths of a file; where it has none, the net is asked anew.
func (n *Network) readBuckets(text string) error {
	if text == "" {
		n.Schema = n.Schema.WithBuckets(n.buckets())
		return nil
	}
	var b dataset.Buckets
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return err
	}
	if err := n.Schema.CheckBuckets(b); err != nil {
		return err
	}
	for i := range b { // a foreign file must not take the machine's memory
		b[i].MaxSteps = min(b[i].MaxSteps, longestSteps)
	}
	n.Schema = n.Schema.WithBuckets(b)
	return nil
}

// Bind allocates the variables that a file holds: those of the net, and what training keeps when it can be
// resumed.
func (n *Network) Bind(state *exec.State, resumable bool) error {
	g, err := n.PredictGraph(Rows(1))
	if err != nil {
		return err
	}
	if resumable {
		role := Alone
		if n.Config.Train.Accumulate > 1 {
			role = Ending
		}
		if g, err = n.TrainGraph(Rows(1), role); err != nil {
			return err
		}
	}
	return state.Bind(g)
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
