package model

import (
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/transfer"
	"dnn/pkg/vectors"
)

// firstValues are what parameters and states of a net begin with instead of what is drawn, by their names. Each changes what
// was drawn.
type firstValues map[string]func(dst []float32)

// give lets the variables of a graph begin with them.
func (f firstValues) give(b *graph.Builder) {
	if len(f) == 0 {
		return
	}
	for _, v := range b.Vars() {
		v.Init = f.after(v.Name, v.Init)
		for i := range v.Params {
			v.Params[i].Init = f.after(v.Params[i].Name, v.Params[i].Init)
		}
	}
}

// after is what fills a variable: what draws its values, then those that it begins with.
func (f firstValues) after(name string, draw func(dst []float32)) func(dst []float32) {
	change := f[name]
	if change == nil {
		return draw
	}
	return func(dst []float32) {
		if draw != nil {
			draw(dst)
		}
		change(dst)
	}
}

// begin reads what the net begins with.
func (j *Job) begin(files *learnedFiles, p *spec.Problems) {
	first, partly := firstValues{}, map[string]bool(nil)
	for _, info := range j.Layers {
		if t := info.Table; t != nil && t.From != nil {
			j.beginWithVectors(first, files, info.Path, t, p)
		}
	}
	if len(j.Config.Train.Init) > 0 && !p.Under("layers") && !p.Under("dataset") && !p.Under("train.init") {
		partly = j.beginWithModels(first, files, p)
	}
	if j.first = first; p.Len() == 0 {
		tellFrozen(j, partly)
	}
}

// beginWithVectors lets the table of the layer at path begin with the vectors of a file.
func (j *Job) beginWithVectors(first firstValues, files *learnedFiles, path string, t *layers.Table, p *spec.Problems) {
	at := path + ".from"
	switch {
	case p.Under(at) || p.Under(path+".size") || t.From.File == "":
		return
	case t.Words == nil:
		p.Add(at, "the categories of its input have no words to look for in a file")
		return
	}
	f, err := files.vectors(t.From)
	if err != nil {
		addMistake(at, err, p)
		return
	}
	defer f.Close()
	words := t.Words()
	values := make([]float32, len(words)*f.Size)
	found, have, err := f.Into(values, words)
	if err != nil {
		addMistake(at, err, p)
		return
	}
	j.noteFound(at, t.From.File, found)
	first[t.Param] = transfer.Rows(values, f.Size, have)
}

// noteFound tells how many words of a vocabulary a file has, and warns where these are few.
func (j *Job) noteFound(path, file string, f vectors.Found) {
	text := fmt.Sprintf("%s: of %s of the vocabulary, %s have a vector in it (%s); it has %s",
		file, phrase.Count(f.Words, "word"), phrase.Thousands(f.Exact), percent(f.Exact, f.Words), phrase.Count(f.Vectors, "vector"))
	if f.Exact < f.Words {
		text += ", and the other words begin as drawn"
	}
	if 2*f.Exact >= f.Words {
		j.Beginning.Add(path, "%s", text)
		return
	}
	if f.Folded > 0 {
		text += fmt.Sprintf("; %s more are there in another case: a tokenizer's lowercase settles that of the vocabulary", phrase.Thousands(f.Folded))
	} else {
		text += "; words must be cut and written as in the file (tokenizer)"
	}
	j.Beginning.Warn(path, "%s", text)
}

// percent is a share in whole percents.
func percent(n, of int) string { return fmt.Sprintf("%.0f %%", 100*float64(n)/float64(max(1, of))) }

// shapes are those of all that the layers of the net learn, by name.
func (j *Job) shapes() (map[string]graph.Shape, []layers.Info) {
	c := j.compiler(graph.NewBuilder(), Rows(1), true)
	_, infos := c.forward()
	have := map[string]graph.Shape{}
	for _, v := range c.b.Vars() {
		for _, q := range v.Params {
			have[q.Name] = q.Shape
		}
		if v.Class == graph.State && !isCarried(v.Name) {
			have[v.Name] = v.Value.Shape
		}
	}
	return have, infos
}
