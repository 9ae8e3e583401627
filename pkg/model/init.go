package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/vectors"
)

// Init is a model whose weights layers of the net begin with.
type Init struct {
	Model  string   `required:"true" doc:"model file, relative to the spec"`
	Layers []string `default:"[]" doc:"names of layers that both nets have, as dnn summary lists them; a block stands for all within it (default: all layers of this net)"`
}

// Inits are one or several of them.
type Inits []Init

type plainInit Init

// UnmarshalSpec reads a mapping, or the name of the model file alone.
func (i *Init) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("model")
	if text, ok := n.Scalar(); ok && text != "" {
		*i = Init{Model: text}
		return
	}
	n.Into((*plainInit)(i), p)
}

// DescribeSpec says what it is.
func (Init) DescribeSpec() string { return "model file | mapping" }

// UnmarshalSpec reads one or a list.
func (l *Inits) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if n.IsList() {
		n.Into((*[]Init)(l), p)
		return
	}
	var one Init
	one.UnmarshalSpec(n, p)
	*l = Inits{one}
}

// MarshalSpec writes one as a mapping and several as a list.
func (l Inits) MarshalSpec() any {
	switch len(l) {
	case 0:
		return nil
	case 1:
		return l[0]
	}
	return []Init(l)
}

// DescribeSpec says what it takes.
func (Inits) DescribeSpec() string { return "model file | mapping | list" }

// inheritance is the state of letting a net begin with what models learned.
type inheritance struct {
	first  firstValues
	shapes map[string]graph.Shape
	tables map[string]*layers.Table
	names  []string          // of all layers
	from   map[string]string // what is taken, and the model it is of
	p      *spec.Problems
	notes  *spec.Notes
}

// beginWithModels lets layers begin with what those of other models learned.
func (j *Job) beginWithModels(first firstValues, files *learnedFiles, p *spec.Problems) {
	shapes, infos := j.shapes()
	h := &inheritance{first: first, shapes: shapes, tables: tablesOf(infos), from: map[string]string{}, p: p, notes: &j.Beginning}
	for _, info := range infos {
		h.names = append(h.names, info.Name)
	}
	for i := range j.Config.Train.Init {
		in, at := &j.Config.Train.Init[i], "train.init"
		if len(j.Config.Train.Init) > 1 {
			at = fmt.Sprintf("train.init[%d]", i)
		}
		if f, err := files.model(in.Model); err != nil {
			p.Add(at+".model", "%v", err)
		} else {
			h.take(in, at, f)
		}
	}
	var drawn []string
	for _, layer := range outermost(shapes) {
		if !slices.ContainsFunc(under(layer, shapes), func(name string) bool { return h.from[name] != "" }) {
			drawn = append(drawn, layer)
		}
	}
	if p.Len() == 0 && len(drawn) > 0 {
		j.Beginning.Add("train.init", "first values of their own: %s", strings.Join(drawn, ", "))
	}
}

// take takes over the layers that in names of the model f.
func (h *inheritance) take(in *Init, at string, f *File) {
	theirs, embeddings := f.learned(), tables(f.Net)
	list := in.Layers
	if len(list) == 0 {
		list = outermost(h.shapes)
	}
	var taken []string
	for i, layer := range list {
		place := at
		if len(in.Layers) > 0 {
			place = fmt.Sprintf("%s.layers[%d]", at, i)
		}
		ours, his := under(layer, h.shapes), under(layer, theirs)
		switch {
		case len(ours) == 0 && slices.Contains(h.names, layer):
			h.p.Add(place, "%s has nothing to learn", layer)
		case len(ours) == 0:
			h.p.Add(place, "no layer is called %q%s", layer, spec.DidYouMean(layer, h.names))
		case len(his) == 0:
			h.p.Add(place, "the model %s has no layer %s; layers that have something to learn there: %s", in.Model, layer, strings.Join(outermost(theirs), ", "))
		default:
			taken = append(taken, layer+h.takeLayer(in.Model, place, ours, theirs, embeddings))
			for _, name := range his {
				if !slices.Contains(ours, name) {
					h.p.Add(place, "%s has %s in %s and not here: the settings of both layers must be alike", layer, name, in.Model)
				}
			}
		}
	}
	h.notes.Add(at, "first values from %s: %s", in.Model, strings.Join(taken, ", "))
}

// takeLayer takes over the named parameters and states of a layer. It returns what there is to say of it.
func (h *inheritance) takeLayer(model, place string, ours []string, theirs map[string]piece, embeddings map[string]*layers.Table) (said string) {
	for _, name := range ours {
		one, has := theirs[name]
		mine, table, other := h.shapes[name], h.tables[name], embeddings[name]
		switch {
		case h.from[name] != "" || h.first[name] != nil:
			other := h.from[name]
			if other == "" {
				other = table.From.File
			}
			h.p.Add(place, "%s begins with values of %s already", name, other)
		case !has:
			h.p.Add(place, "%s has no %s: the settings of both layers must be alike", model, name)
		case table != nil && other != nil && table.Words != nil && other.Words != nil && mine[1] == one.shape[1]:
			said += h.takeWords(name, one, table.Words(), other.Words())
		case !mine.Equal(one.shape):
			h.p.Add(place, "%s is %v in %s and %v here", name, one.shape, model, mine)
		default:
			values := slices.Clone(one.data)
			h.first[name] = func(dst []float32) { copy(dst, values) }
		}
		h.from[name] = model
	}
	return said
}

// takeWords takes over the rows of a table whose words both vocabularies have. Those that stand for no word lie at the
// beginning and at the end of a vocabulary: padding, what is unknown, the end of a text.
func (h *inheritance) takeWords(name string, one piece, words, other []string) (said string) {
	size := one.shape[1]
	if slices.Equal(words, other) {
		values := slices.Clone(one.data)
		h.first[name] = func(dst []float32) { copy(dst, values) }
		return ""
	}
	values := make([]float32, len(words)*size)
	found, have, err := vectors.InMemory(other, one.data, size).Into(values, words)
	if err != nil {
		panic(err) // nothing is read
	}
	row := func(i, k int) {
		copy(values[i*size:(i+1)*size], one.data[k*size:])
		have[i] = true
	}
	for i := 0; i < min(len(words), len(other)) && words[i] == "" && other[i] == ""; i++ {
		row(i, i)
	}
	for i := 1; i <= min(len(words), len(other)) && words[len(words)-i] == "" && other[len(other)-i] == ""; i++ {
		row(len(words)-i, len(other)-i)
	}
	h.first[name] = rowsOf(values, size, have)
	return fmt.Sprintf(" (%s of %s)", phrase.Thousands(found.Exact), phrase.Count(found.Words, "word"))
}
