package model

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/train/checkpoint"
	"dnn/pkg/transfer"
	"dnn/pkg/vectors"
	"dnn/pkg/weights"
)

// Models in the folder of a run.
const (
	BestFile  = "best.safetensors"  // the best weights so far, for use
	RefitFile = "refit.safetensors" // the model, for use in place of the best weights
	SmallFile = "model.safetensors" // in the folder of a recipe's run, its result
)

// InFolder is the model file in the folder of a run, or of a recipe's; "" if there is none.
func InFolder(dir string) string {
	for _, name := range []string{RefitFile, BestFile, SmallFile} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// learnedFiles are the files that a net begins with something of. Each model is loaded once.
type learnedFiles struct {
	dir    string // that paths in the spec are relative to
	models map[string]*File
}

// path is where a path of the spec leads. The folder of a run stands for the model in it.
func (l *learnedFiles) path(name string) string {
	if name == "" {
		return name
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(l.dir, name)
	}
	return cmp.Or(InFolder(name), name)
}

// model loads the model file at a path of the spec.
func (l *learnedFiles) model(name string) (*File, error) {
	full := l.path(name)
	if f := l.models[full]; f != nil {
		return f, nil
	}
	if info, err := os.Stat(full); err == nil && info.IsDir() {
		return nil, fmt.Errorf("the folder %s has no %s: name a model file or the folder of a run", full, BestFile)
	}
	f, err := Load(full)
	if err == nil {
		l.models[full] = f
	}
	return f, err
}

// settleSizes gives the layers that take the size of their vectors from a file that size, and notes sizes that are not the
// file's. Without reading, sizes that the spec gives are taken as they are.
func (l *learnedFiles) settleSizes(list []layers.Entry, reading bool, p *spec.Problems) {
	layers.EachVectors(list, func(path string, size *int, from *layers.Vectors) {
		if !reading && *size > 0 || from.File == "" || p.Under(path+".from") || p.Under(path+".size") {
			return
		}
		f, err := l.vectors(from)
		if err != nil {
			addMistake(path+".from", err, p)
			return
		}
		defer f.Close()
		if *size == 0 {
			*size = f.Size
		}
		if *size != f.Size {
			p.Add(path+".size", "is %d, but the vectors in %s have %d numbers; leave size out", *size, from.File, f.Size)
		}
	})
}

// addMistake notes what is wrong with a file of vectors.
func addMistake(path string, err error, p *spec.Problems) {
	if m, ok := err.(*vectors.Mistake); ok {
		p.Add(path+"."+m.Key, "%s", m.Text)
		return
	}
	p.Add(path, "%v", err)
}

// vectors opens a file of vectors. A model of this program has the words itself.
func (l *learnedFiles) vectors(v *layers.Vectors) (*vectors.File, error) {
	source := vectors.Source{File: l.path(v.File), Words: l.path(v.Words), Tensor: v.Tensor}
	if v.Words != "" || !isModel(source.File) {
		return vectors.Open(source)
	}
	f, err := l.model(v.File)
	if err != nil {
		return nil, vectors.Wrong("file", "%v", err)
	}
	embeddings, have := tables(f.Net), f.learned()
	var names []string
	for name, t := range embeddings {
		if t.Words != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	name := v.Tensor
	switch {
	case len(names) == 0:
		return nil, vectors.Wrong("file", "%s: the model has no embedding of words", source.File)
	case name == "" && len(names) > 1:
		return nil, vectors.Wrong("tensor", "the model has several embeddings; tensor names one: %s", strings.Join(names, ", "))
	case name == "":
		name = names[0]
	case !slices.Contains(names, name):
		return nil, vectors.Wrong("tensor", "the model has no embedding called %q%s", name, spec.DidYouMean(name, names))
	}
	table := have[name]
	return vectors.InMemory(embeddings[name].Words(), table.floats(), table.shape[1]), nil
}

// isModel reports whether a file says that it is a model of this program.
func isModel(path string) bool {
	if !strings.HasSuffix(strings.ToLower(path), ".safetensors") {
		return false
	}
	a, err := checkpoint.OpenArchive(path)
	if err != nil {
		return false
	}
	defer a.Close()
	return a.Ours()
}

// tables are those of the net's embeddings, by the names of their parameters.
func tables(n *Network) map[string]*layers.Table {
	c := n.compiler(graph.NewBuilder(), Rows(1), false)
	_, infos := c.forward()
	return tablesOf(infos)
}

func tablesOf(infos []layers.Info) map[string]*layers.Table {
	list := map[string]*layers.Table{}
	for _, info := range infos {
		if info.Table != nil {
			list[info.Table.Param] = info.Table
		}
	}
	return list
}

// learned is what the layers of a model learned, by name: parameters, and states such as running means. Of weights that have a
// moving average, it is that. What is kept in a
// form of its own is widened.
func (f *File) learned() map[string]piece {
	have := map[string]piece{}
	for _, name := range f.State.Names() {
		from := name
		switch {
		case f.State.Class(name) == graph.Slot, isCarried(name):
			continue
		case name == VarWeights && f.State.Data(VarAverage) != nil:
			from = VarAverage
		}
		for _, p := range pieces(f.State, name, from) {
			have[p.name] = p
		}
	}
	for _, name := range f.Net.Forms.Names() {
		x := f.Net.Forms.Floats(name, f.State.Buffer)
		if x == nil {
			continue
		}
		p := f.Net.Forms.Param(name)
		for _, a := range f.Net.Forms.Of[name].(weights.Packed).Arrays(p) {
			delete(have, name+a.Suffix)
		}
		have[name] = floatPiece(name, p.Shape, x)
	}
	return have
}

// isCarried reports whether a state is one that is carried from chunk to chunk.
func isCarried(name string) bool {
	return strings.HasPrefix(name, carriedInTraining) || strings.HasPrefix(name, carriedInScoring)
}

// Learned is what the layers of a model learned, by name: parameters, and states such as running means. Of weights that have a moving
// average, it is that.
func (f *File) Learned() map[string]transfer.Piece {
	have := map[string]transfer.Piece{}
	for name, p := range f.learned() {
		have[name] = transfer.Piece{Shape: p.shape, Data: p.floats()}
	}
	return have
}
