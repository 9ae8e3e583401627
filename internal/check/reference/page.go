package reference

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// index writes the page that leads to all others.
func (w *writer) index(kinds []spec.Kinds) {
	w.printf("# Reference\n\n%s", note)
	w.printf("Everything that a spec can say. Choose a kind with `type:`, or with the key that its page names. Where a kind needs no settings, a bare word is enough: `- flatten`, `loss: mse`. A list also takes a single plain value.\n\n")
	w.printf("The same in a terminal: `dnn list` names the registries, `dnn list layers` the layers, and `dnn list layers dense` shows the settings of one.\n\n")
	w.printf("- [The spec](spec.md): all sections and keys\n")
	for _, k := range kinds {
		var links []string
		for _, i := range k.List {
			links = append(links, fmt.Sprintf("[%s](%s#%s)", i.Key, page(k.What), i.Key))
		}
		w.printf("- [%s](%s): %s\n", title(k.What), page(k.What), strings.Join(links, " · "))
	}
	w.printf("- [Passes](passes.md): how the compiler rewrites a graph\n")
	w.printf("- [Ops](ops.md): the operations that nets are built from\n")
}

// spec writes the page of the sections of a spec.
func (w *writer) spec() {
	w.printf("# The spec\n\n%sThe sections of a spec and their keys. The [guide](../spec.md) explains how they work together.\n\n", note)
	w.printf("## Top level\n\n")
	w.section("", reflect.TypeFor[model.Config]())
}

// registry writes the page of all kinds of one registry.
func (w *writer) registry(k spec.Kinds) {
	w.printf("# %s\n\n%s", title(k.What), note)
	if intro := intros[k.What]; intro != "" {
		w.printf("%s\n\n", intro)
	}
	w.printf("| %s | |\n|---|---|\n", k.What)
	for _, i := range k.List {
		w.printf("| [%s](#%s) | %s |\n", i.Key, i.Key, cell(i.Summary))
	}
	w.printf("\n")
	for _, i := range k.List {
		w.printf("## %s\n\n%s.", i.Key, strings.TrimSuffix(upper(i.Summary), "."))
		if i.Bare && len(spec.Fields(i.Settings)) > 0 {
			w.printf(" All settings have defaults: the bare word `%s` is enough.", i.Key)
		}
		w.printf("\n\n%s", w.comments.of(i.Settings))
		if list := examples(i.Settings); len(list) > 0 {
			w.printf("Examples: %s\n\n", strings.Join(list, " · "))
		}
		w.table("-", i.Settings)
		w.nested("", i.Settings)
	}
}

// examples are the specs of a kind's cases that have settings, as code; none where its registry has no cases. A case is a
// text or begins with one.
func examples(settings reflect.Type) (list []string) {
	cases := reflect.New(settings).MethodByName("Cases")
	if !cases.IsValid() {
		return nil
	}
	all := cases.Call(nil)[0]
	for i := range all.Len() {
		c := all.Index(i)
		if c.Kind() == reflect.Struct {
			c = c.Field(0)
		}
		text := "`" + c.String() + "`"
		if strings.Contains(text, "{") && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// passes writes the page of the compiler's passes.
func (w *writer) passes() {
	w.printf("# Passes\n\n%s", note)
	w.printf("The compiler rewrites a graph in these steps, in this order. Each makes a step of training faster and changes no bit of its result. `--off NAME` switches a pass off; `dnn graph --stage optimized` prints the graph behind all of them.\n\n")
	w.printf("| pass | what it does | `--off` |\n|---|---|---|\n")
	for _, p := range pass.Table() {
		off := "yes"
		if p.Always {
			off = "no: nothing runs without it"
		}
		w.printf("| `%s` | %s | %s |\n", p.Name, cell(p.Doc), off)
	}
}

// ops writes the page of the operations that nets are built from.
func (w *writer) ops() {
	w.printf("# Ops\n\n%s", note)
	w.printf("The operations that layers, losses and optimizers are built from. No spec names them; `dnn graph` prints them.\n\n")
	w.printf("| op | what it computes | gradient |\n|---|---|---|\n")
	for _, k := range graph.Ops.Kinds() {
		gradient := "own rule"
		switch {
		case k.Value.NoGrad != "":
			gradient = "none: " + k.Value.NoGrad
		case k.Value.Grad == nil:
			gradient = "that of its parts"
		}
		doc := k.Value.Doc
		if doc == "" {
			doc = k.Summary
		}
		w.printf("| `%s` | %s | %s |\n", k.Key, cell(doc), cell(gradient))
	}
}
