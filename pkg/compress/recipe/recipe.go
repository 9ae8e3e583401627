// Package recipe is the section "compress" of a spec: the steps by which a trained net is made smaller, and the budget that
// says which of the models that they leave is the result.
//
// The kinds of steps work on nets and trainings, which stand behind the spec; they are in pkg/compress and register
// themselves here.
package recipe

import (
	"fmt"

	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Step is the settings of one kind of step: a pointer to a struct with spec tags.
type Step interface {
	// Cases are examples of the kind, as a spec has them.
	Cases() []string
}

// Closing is implemented by steps that may leave a model whose weights are kept in another form, so that no later step can
// train or change it.
type Closing interface{ Closes() bool }

// Training is implemented by steps that may train the net, so that it may regain what steps before lost.
type Training interface{ Trains() bool }

// Registry holds the kinds of steps, one per file.
var Registry = registry.New[Step]("compression step")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Recipe is the section "compress" of a spec.
type Recipe struct {
	Steps  []Step `required:"true" length:"[1,)" doc:"what is done to the trained net, in this order; each step takes the model that the one before left"`
	Budget `spec:",inline"`
}

// Budget is what a compressed model must keep. The result of a recipe is the model of the last step that keeps all of it.
type Budget struct {
	MaxSize    *spec.Bytes        `doc:"largest size of the model file, such as 500KB (default: any)"`
	MaxLossOf  map[string]float64 `range:"[0,)" doc:"by how much each figure of the validation split may be worse than before the first step, such as {accuracy: 0.005} (default: any)"`
	MaxLatency *spec.Duration     `doc:"longest time for the prediction of one row on this machine, with as many threads as the command has, such as 2ms (default: any)"`
}

type plainRecipe Recipe

// UnmarshalSpec reads a mapping, or the list of the steps alone.
func (r *Recipe) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	at, before := n.Path+".steps", p.Len()
	if n.IsList() {
		at = n.Path
		n.Into(&r.Steps, p)
		if len(r.Steps) == 0 && p.Len() == before {
			p.Add(at, "has no steps; leave compress out, or name some")
		}
	} else {
		n.Into((*plainRecipe)(r), p)
	}
	if !p.Under(at) {
		r.check(at, p)
	}
}

// check notes steps behind one whose model cannot be changed.
func (r *Recipe) check(path string, p *spec.Problems) {
	for i, s := range r.Steps {
		if c, ok := s.(Closing); ok && c.Closes() && i+1 < len(r.Steps) {
			p.Add(fmt.Sprintf("%s[%d]", path, i+1), "comes after %s, whose model keeps its weights in another form and can be neither trained nor changed; make %[1]s the last step",
				spec.KeyOf(s))
			return
		}
	}
}

// DescribeSpec says what it takes.
func (Recipe) DescribeSpec() string { return "list of compression steps | mapping" }

// ListedSpec is the key whose list may be written alone.
func (Recipe) ListedSpec() string { return "steps" }

// Filed is implemented by steps that name files.
type Filed interface {
	// Files calls change with each path, which it may change.
	Files(change func(path *string))
}

// WithFiles is the recipe with change made to every path in it; the recipe itself stays as it is.
func (r *Recipe) WithFiles(change func(path *string)) (*Recipe, error) {
	if r == nil {
		return nil, nil
	}
	type holder struct{ Compress *Recipe }
	doc, err := spec.Parse("compress", spec.Encode(&holder{r}), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	var own holder
	doc.Decode(&own, &p)
	for _, s := range own.Compress.Steps {
		if f, ok := s.(Filed); ok {
			f.Files(change)
		}
	}
	return own.Compress, p.Err(doc)
}
