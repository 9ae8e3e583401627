// Package reference writes the reference of everything that a spec can say, from what the program knows of itself: the
// registries, the tags of the settings and the comments of their types. Each fact has one place, so pages cannot differ
// from the program.
package reference

//go:generate go run ./generate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	_ "dnn/pkg/compress" // registers the compression steps
	_ "dnn/pkg/graph/op" // registers the ops
	"dnn/pkg/spec"
)

// Folder is where the reference lies in the repository, and Command writes it anew.
const (
	Folder  = "docs/reference"
	Command = "go generate ./internal/check/reference"
)

// note stands in every page, so that nobody edits one by hand.
const note = "<!-- Written by " + Command + "; edit the comments and tags in the source instead. -->\n\n"

// order is that of the pages in the index; registries that are not listed follow, by name.
var order = []string{"format", "generator", "input type", "target type", "tokenizer", "augmentation", "layer", "activation", "initializer", "loss", "optimizer", "schedule", "metric", "compression step", "calibration method"}

// intros say where the kinds of a page stand in a spec.
var intros = map[string]string{
	"format":       "How data lies in files: `dataset.format`. Without it, the names of the files tell the format.",
	"generator":    "Data that the format `synthetic` generates: `dataset.generator`.",
	"input type":   "What a column means to the net: `dataset.inputs[].type`.",
	"target type":  "What the net predicts: `dataset.target.type`.",
	"tokenizer":    "How an input of `type: text` is split into tokens: `dataset.inputs[].tokenizer`. Texts are normalized first: to Unicode's form NFC, with one space for each run of white space.",
	"augmentation": "Random changes to the images of the training split: the entries of `dataset.augment`, applied in their order and drawn anew in every epoch. Validation, test and prediction see images as they are. `dnn data show` draws what the net sees.",
	"layer":        "The entries of `layers`, and of the lists within them. Besides its own keys, each layer takes those of [layers[]](spec.md#layers).",
	"activation":   "Functions that a layer applies to its output: `activation`.",
	"initializer":  "First values of parameters. A plain number is short for `constant`.",
	"loss":         "What training minimizes: `loss`.",
	"optimizer":    "How the weights follow the gradient: `optimizer`.",
	"schedule":     "How the learning rate changes: `optimizer.learning_rate`. A plain number is short for `constant`.",
	"metric":       "Scores over a whole set of rows: the entries of `metrics`.",

	"compression step": "What `dnn compress` does to a trained net: the entries of `compress`, or of `compress.steps` next to a budget.",

	"calibration method": "Where values that meet quantized weights are cut off: `method` of the step `quantize`, and `dnn quantize --method`.",
}

// Generate returns the pages of the reference by file name. root is the folder of the repository, whose sources hold the
// comments.
func Generate(root string) (map[string][]byte, error) {
	c := newComments(root)
	pages := map[string][]byte{}
	write := func(name string, fill func(w *writer)) {
		w := &writer{comments: c}
		fill(w)
		pages[name] = append(bytes.TrimRight(w.out.Bytes(), "\n"), '\n')
	}
	kinds := registries()
	write("README.md", func(w *writer) { w.index(kinds) })
	write("spec.md", (*writer).spec)
	write("passes.md", (*writer).passes)
	write("ops.md", (*writer).ops)
	for _, k := range kinds {
		write(page(k.What), func(w *writer) { w.registry(k) })
	}
	return pages, c.err
}

// registries returns all registries of kinds in the order of the index.
func registries() []spec.Kinds {
	kinds := spec.AllKinds()
	place := func(what string) int {
		if i := slices.Index(order, what); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(kinds, func(a, b spec.Kinds) int { return place(a.What) - place(b.What) })
	return kinds
}

// writer collects the text of a page.
type writer struct {
	out      bytes.Buffer
	comments *comments
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// page is the file name of a registry's page: "target-types.md".
func page(what string) string {
	return strings.ReplaceAll(strings.ToLower(title(what)), " ", "-") + ".md"
}

// title is the heading of a registry's page: "Target types".
func title(what string) string {
	switch {
	case strings.HasSuffix(what, "s"):
		return upper(what) + "es"
	case strings.HasSuffix(what, "y"):
		return upper(what[:len(what)-1]) + "ies"
	}
	return upper(what) + "s"
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
