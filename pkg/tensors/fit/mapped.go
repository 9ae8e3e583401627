package fit

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

// Mapped takes what a map says: names of layers, or of their parameters, and names of the file for them. Mistakes are given by the
// place in the map.
func Mapped(net []layout.Layer, program layout.Program, list []tensors.Tensor, ours, theirs []string) (*Result, map[int]string) {
	a := &auto{file: newFile(list)}
	a.modules, _ = modules(net, program)
	r, mistakes, used := &Result{}, map[int]string{}, map[int]bool{}
	for i, name := range ours {
		p, why := a.mapped(name, theirs[i])
		if why != "" {
			mistakes[i] = why
			continue
		}
		r.Pairs = append(r.Pairs, *p)
		for _, k := range p.At {
			used[k] = true
		}
	}
	for i, t := range list {
		if !used[i] && !t.Whole {
			r.Rest = append(r.Rest, t.Name)
		}
	}
	return r, mistakes
}

// mapped is what one line of a map says.
func (a *auto) mapped(name, prefix string) (p *Pair, why string) {
	for _, m := range a.modules {
		if m.name != name {
			continue
		}
		most := -1
		for _, form := range m.layout.Forms { // of those that do not fit, what is said is of the one that fits best
			at, reason := a.under(prefix, form)
			if reason == "" {
				return &Pair{m.layer, m.name, form, prefix, at}, ""
			}
			if len(at) > most {
				most, why = len(at), reason
			}
		}
		return nil, why
	}
	return a.parameter(name, prefix)
}

// parameter maps a single parameter to a single tensor.
func (a *auto) parameter(name, tensor string) (p *Pair, why string) {
	if !slices.ContainsFunc(a.modules, func(m module) bool { return strings.HasPrefix(name, m.layer.Name+".") }) {
		return nil, fmt.Sprintf("no layer or parameter that has something to learn is called %s", name)
	}
	at, ok := a.at[strings.Join(words(tensor), "/")]
	if !ok {
		return nil, fmt.Sprintf("the file has no tensor %s", tensor)
	}
	for _, m := range a.modules {
		role, is := strings.CutPrefix(name, m.layer.Name+".")
		if !is {
			continue
		}
		for _, form := range m.layout.Forms {
			for _, t := range form {
				if !slices.Equal(layout.Form{t}.Roles(), []string{role}) {
					continue
				}
				if shape := graph.Shape(a.list[at].Shape); !shape.Equal(t.Shape) {
					why = fmt.Sprintf("%s is %v, and %s takes %v", tensor, shape, name, t.Shape)
					continue
				}
				return &Pair{m.layer, name, layout.Form{t}, tensor, []int{at}}, ""
			}
		}
	}
	if why == "" {
		return a.alone(name, tensor, at)
	}
	return nil, why
}

// alone takes a tensor as it is for a parameter that modules hold together with others, such as a projection of an attention.
func (a *auto) alone(name, tensor string, at int) (p *Pair, why string) {
	for _, m := range a.modules {
		for _, q := range m.layer.Params {
			if m.layer.Name+"."+q.Role != name {
				continue
			}
			if strings.Contains(q.Role, "_ih") || strings.Contains(q.Role, "_hh") { // its gates may come in another order
				return nil, fmt.Sprintf("%s is not read by itself: map the layer %s", name, m.layer.Name)
			}
			whole := layout.Whole(&q)
			if shape := graph.Shape(a.list[at].Shape); !shape.Equal(q.Shape) {
				return nil, fmt.Sprintf("%s is %v, and %s takes %v", tensor, shape, name, q.Shape)
			}
			return &Pair{m.layer, name, layout.Form{whole}, tensor, []int{at}}, ""
		}
	}
	return nil, fmt.Sprintf("no parameter that has something to learn is called %s", name)
}
