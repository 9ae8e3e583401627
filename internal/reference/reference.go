// Package reference writes the reference of everything that a spec may say, from what the program knows of itself: the
// registries, the tags of the settings and the comments of their types. Nothing is written twice, so nothing can differ.
package reference

//go:generate go run ./generate

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dnn/pkg/graph"
	_ "dnn/pkg/graph/op" // registers the ops
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// File is where the reference lies in the repository, and Command what makes it anew.
const (
	File    = "docs/reference.md"
	Command = "go generate ./internal/reference"
)

// order is that of the chapters; kinds that are not listed come behind, by name.
var order = []string{"format", "generator", "input type", "target type", "tokenizer", "augmentation", "layer", "activation", "initializer", "loss", "optimizer", "schedule", "metric"}

// intros say where the kinds of a chapter stand in a spec.
var intros = map[string]string{
	"format":       "A format is a way in which data lies in files. It is chosen by `dataset.format`; where that is absent, the names of the files tell it.",
	"generator":    "Data that the format `synthetic` makes up, chosen by `dataset.generator`.",
	"input type":   "What a column of the data means to the net: `dataset.inputs[].type`.",
	"target type":  "What is predicted: `dataset.target.type`.",
	"tokenizer":    "How an input of `type: text` is cut into tokens: `dataset.inputs[].tokenizer`. Texts are brought into Unicode's form NFC first, with one blank for each run of white space.",
	"augmentation": "Changes made to the pictures of the training part: the entries of `dataset.augment`, in their order. They are drawn anew in every epoch; scoring and prediction see pictures as they are. `dnn data show` draws what the net sees.",
	"layer":        "The entries of `layers`, and of the lists within them. Besides its own keys, each takes those of [layers[]](#section-layers).",
	"activation":   "Functions that a layer ends with.",
	"initializer":  "First values of parameters. A plain number is short for `constant`.",
	"loss":         "What training makes small: `loss`.",
	"optimizer":    "How the weights follow the gradient: `optimizer`.",
	"schedule":     "How the learning rate moves: `optimizer.learning_rate`. A plain number is short for `constant`.",
	"metric":       "Scores over a whole set of rows: the entries of `metrics`.",
}

// Generate returns the reference as Markdown. root is the folder of the repository, whose sources hold the comments.
func Generate(root string) ([]byte, error) {
	w := &writer{comments: newComments(root)}
	kinds := chapters()
	w.printf("# Reference\n\n")
	w.printf("<!-- Made by %s; edit the comments and tags in the source instead. -->\n\n", Command)
	w.printf("Everything that a spec may say. A kind is chosen by `type:` (or the key named in its chapter); a kind marked • may stand as a bare word, with its defaults. A list takes a single plain value for a list of one.\n\n")
	w.contents(kinds)
	w.printf("## The spec\n\n")
	w.section("", reflect.TypeFor[model.Config]())
	for _, k := range kinds {
		w.chapter(k)
	}
	w.ops()
	return bytes.TrimRight(w.out.Bytes(), "\n"), w.comments.err
}

// chapters returns all kinds in the order of the reference.
func chapters() []spec.Kinds {
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

// writer collects the text.
type writer struct {
	out      bytes.Buffer
	comments *comments
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

// contents lists the chapters and what stands in them.
func (w *writer) contents(kinds []spec.Kinds) {
	w.printf("- [The spec](#the-spec)\n")
	for _, k := range kinds {
		var links []string
		for _, i := range k.List {
			links = append(links, fmt.Sprintf("[%s](#%s)", i.Key, anchor(k.What, i.Key)))
		}
		w.printf("- [%s](#%s): %s\n", title(k.What), anchor(k.What, ""), strings.Join(links, " · "))
	}
	w.printf("- [Ops](#ops)\n\n")
}

// chapter writes all kinds of one sort.
func (w *writer) chapter(k spec.Kinds) {
	w.printf("<a id=%q></a>\n\n## %s\n\n", anchor(k.What, ""), title(k.What))
	if intro := intros[k.What]; intro != "" {
		w.printf("%s\n\n", intro)
	}
	for _, i := range k.List {
		bare := ""
		if i.Bare {
			bare = " •"
		}
		w.printf("<a id=%q></a>\n\n### %s%s\n\n%s.\n\n", anchor(k.What, i.Key), i.Key, bare, strings.TrimSuffix(upper(i.Summary), "."))
		w.printf("%s", w.comments.of(i.Settings))
		w.table("-", i.Settings)
		w.nested("", i.Settings)
	}
}

// ops writes the operations that nets are made of.
func (w *writer) ops() {
	w.printf("## Ops\n\nThe operations that layers, losses and optimizers are built from; `dnn graph` shows them. No spec names them.\n\n")
	w.printf("| op | what it computes | gradient |\n|---|---|---|\n")
	for _, k := range graph.Ops.Kinds() {
		gradient := "own rule"
		switch {
		case k.Value.NoGrad != "":
			gradient = "none: " + k.Value.NoGrad
		case k.Value.Grad == nil:
			gradient = "by its parts"
		}
		doc := k.Value.Doc
		if doc == "" {
			doc = k.Summary
		}
		w.printf("| `%s` | %s | %s |\n", k.Key, cell(doc), cell(gradient))
	}
}

// anchor is the name of a place in the text.
func anchor(what, key string) string {
	return strings.TrimSuffix(strings.ReplaceAll(strings.ToLower(what), " ", "-")+"-"+key, "-")
}

// title is the heading of a chapter: "Target types".
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
