package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
	"dnn/pkg/transfer"
)

// Init is a model whose weights layers of the net begin with, or a file of weights of another program.
type Init struct {
	Model  string   `required:"unless from" doc:"model file, or folder of a run, relative to the spec"`
	Layers []string `default:"[]" doc:"names of layers that both nets have, as dnn summary lists them; a block stands for all within it (default: all layers of this net that fit); of a model only"`
	// Preprocessing is settled with the other settings of a training.
	Preprocessing     string `default:"auto" oneof:"auto|model|data" doc:"model: columns that both have are scaled as in the model, with its vocabularies, and other columns are fitted to the training split; data: all are fitted to the training split; auto: model, or data where layers are named; of a model only"`
	transfer.FromFile `spec:",inline"`
}

// settle replaces auto.
func (i *Init) settle() {
	switch {
	case i.From != "":
		i.Preprocessing = "data"
	case i.Preprocessing != "auto" && i.Preprocessing != "":
	case len(i.Layers) > 0:
		i.Preprocessing = "data"
	default:
		i.Preprocessing = "model"
	}
}

// Inits are one or several of them.
type Inits []Init

type plainInit Init

// modelInit is what the resolved spec says of one that is a model.
type modelInit struct {
	Model         string
	Layers        []string `default:"[]"`
	Preprocessing string
}

// UnmarshalSpec reads a mapping, or the name of the model file alone.
func (i *Init) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	n.Widen("model")
	if text, ok := n.Scalar(); ok && text != "" {
		*i = Init{Model: text, Preprocessing: "auto"}
		return
	}
	n.Into((*plainInit)(i), p)
	i.check(n.Path, p)
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
	var list []any
	for _, in := range l {
		if in.From != "" {
			list = append(list, in.FromFile)
		} else {
			list = append(list, modelInit{in.Model, in.Layers, in.Preprocessing})
		}
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return list
}

// DescribeSpec says what it takes.
func (Inits) DescribeSpec() string { return "model file | mapping | list" }

// path is where the i-th of them is in the spec.
func (l Inits) path(i int) string {
	if len(l) == 1 {
		return "train.init"
	}
	return fmt.Sprintf("train.init[%d]", i)
}

// preprocess reports whether any gives its preprocessing.
func (l Inits) preprocess() bool {
	return slices.ContainsFunc(l, func(i Init) bool { return i.Preprocessing == "model" })
}

// schemas are those of the models that give their preprocessing.
func (l *learnedFiles) schemas(list Inits, p *spec.Problems) (schemas []*dataset.Schema) {
	for i := range list {
		if list[i].Preprocessing != "model" || list[i].Model == "" {
			continue
		}
		f, err := l.model(list[i].Model)
		if err != nil {
			p.Add(list.path(i)+".model", "%v", err)
			continue
		}
		schemas = append(schemas, f.Net.Schema)
	}
	return schemas
}

// tellTaken tells which columns are encoded as in a model, and which are fitted to the data.
func tellTaken(j *Job) {
	if !j.Config.Train.Init.preprocess() {
		return
	}
	as := map[string]bool{} // in the model
	for _, name := range j.Data.Taken {
		as[name] = true
	}
	var taken, other []string
	told := map[string]bool{}
	for _, name := range slices.Concat(j.Schema.Columns(), numberColumns(j.Heads), j.Data.Taken) {
		switch {
		case told[name]:
		case as[name]:
			taken = append(taken, name)
		default:
			other = append(other, name)
		}
		told[name] = true
	}
	switch {
	case len(taken) == 0:
		j.Beginning.Add("train.init", "preprocessing: fitted to the training split; the model reads no column in the same way")
	case len(other) == 0:
		j.Beginning.Add("train.init", "preprocessing: scaled and numbered as in the model (train.init.preprocessing: data fits it to the training split)")
	default:
		j.Beginning.Add("train.init", "preprocessing: scaled and numbered as in the model (%s); fitted to the training split: %s", phrase.List(taken), phrase.List(other))
	}
}

// numberColumns are the columns of targets that are learned on a scale.
func numberColumns(heads []task.Head) (names []string) {
	for _, h := range heads {
		if h.Scaling != nil && h.Horizon == 0 {
			names = append(names, h.Columns...)
		}
	}
	return names
}

// beginWithModels lets layers begin with what those of other models learned. partly are the layers of which a part begins with random
// values.
func (j *Job) beginWithModels(first firstValues, files *learnedFiles, p *spec.Problems) (partly map[string]bool) {
	shapes, infos := j.shapes()
	net := transfer.Net{Shapes: shapes, Tables: tablesOf(infos), Labels: transfer.LabelsOf(j.Config.Layers, infos, j.Schema, j.Heads)}
	from := map[string]string{}
	for _, info := range infos {
		net.Names = append(net.Names, info.Name)
		if t := info.Table; t != nil && t.From != nil && first[t.Param] != nil {
			from[t.Param] = t.From.File
		}
	}
	t := transfer.New(net, first, from, p, &j.Beginning)
	for i := range j.Config.Train.Init {
		in, at := &j.Config.Train.Init[i], j.Config.Train.Init.path(i)
		if in.From != "" {
			beginWithFile(j, t, in, at, files, p)
			continue
		}
		f, err := files.model(in.Model)
		switch {
		case err != nil:
			p.Add(at+".model", "%v", err)
		case f.Net.Forms.Any() && len(f.Net.Forms.Folded) > 0:
			p.Add(at+".model", "%s: batch norms are folded into its weights, which no longer fit a net that has them: take the model that it was made of", in.Model)
		case len(in.Layers) > 0:
			t.TakeNamed(in.Layers, at, f.source(in.Model))
		default:
			t.TakeFitting(at, f.source(in.Model))
		}
	}
	if p.Len() == 0 {
		t.TellDrawn()
		tellTaken(j)
	}
	return t.Partly()
}

// source is what a model has for the layers of others.
func (f *File) source(file string) *transfer.Model {
	c := f.Net.compiler(graph.NewBuilder(), Rows(1), false)
	_, infos := c.forward()
	labels := transfer.LabelsOf(f.Net.Config.Layers, infos, f.Net.Schema, f.Net.Heads)
	return &transfer.Model{File: file, Have: f.Learned(), Tables: tablesOf(infos), Labels: labels}
}

// check expects either a model or a file.
func (i *Init) check(path string, p *spec.Problems) {
	switch {
	case i.Model != "" && i.From != "":
		p.Add(path+".from", "give either model or from, not both; several are a list")
	case i.From != "" && len(i.Layers) > 0:
		p.Add(path+".layers", "is for a model; with from, map names the layers")
	case i.From != "" && i.Preprocessing == "model":
		p.Add(path+".preprocessing", "is for a model; a file of weights has none")
	}
}

// beginWithFile lets layers begin with a file of another program.
func beginWithFile(j *Job, t *transfer.Transfer, in *Init, at string, files *learnedFiles, p *spec.Problems) {
	content, err := tensors.Read(files.path(in.From))
	if err != nil {
		p.Add(at+".from", "%v", err)
		return
	}
	f := &transfer.Foreign{Name: in.From, Content: content, Layers: LayoutLayers(&j.Network), Map: in.Map.Names}
	if in.Layout != "auto" {
		f.Layout = in.Layout
	}
	f.Named = func(layer string) bool { return !isCounted(layer, f.Layers) }
	t.TakeForeign(at, f)
}

// isCounted reports whether a layer is called by its kind and a number, as those are that the spec gives no name.
func isCounted(name string, layers []layout.Layer) bool {
	own := name[strings.LastIndexByte(name, '.')+1:]
	for _, l := range layers {
		if l.Name == name {
			rest, ok := strings.CutPrefix(own, l.Kind+"_")
			return ok && graph.IsNumber(rest)
		}
	}
	return false
}

// LayoutLayers are the layers of the net that learn something, as other programs' layouts are said of them.
func LayoutLayers(n *Network) []layout.Layer {
	c := n.compiler(graph.NewBuilder(), Rows(1), false)
	_, infos := c.forward()
	kinds := map[string]string{}
	for _, info := range infos {
		kinds[info.Name] = info.Kind
	}
	return layout.Layers(c.b.Values(), kinds, func(v *graph.Value) *graph.Param {
		q, _ := c.b.ParamOf(v)
		return q
	})
}
