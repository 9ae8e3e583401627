package fit

import (
	"errors"
	"fmt"
	"regexp"

	"dnn/pkg/graph"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

var nameless = regexp.MustCompile(`^arr_[0-9]+$`)

// Nameless reports whether tensors have no names but their places, as numpy.savez gives them.
func Nameless(list []tensors.Tensor) bool {
	for _, t := range list {
		if !nameless.MatchString(t.Name) {
			return false
		}
	}
	return true
}

// ByPosition takes tensors that have no names: all there are, in the order of the net.
func ByPosition(net []layout.Layer, program layout.Program, list []tensors.Tensor) (*Result, error) {
	all, without := modules(net, program)
	if len(without) > 0 {
		return nil, fmt.Errorf("the other program has no layer like %s", without[0])
	}
	r, at := &Result{}, 0
	for _, m := range all {
		p, why := (*Pair)(nil), ""
		for i, form := range m.layout.Forms {
			found, next, reason := position(list, at, m, form)
			if reason == "" {
				p, at = found, next
				break
			}
			if i == 0 {
				why = reason
			}
		}
		if p == nil {
			return nil, errors.New(why)
		}
		r.Pairs = append(r.Pairs, *p)
	}
	if at < len(list) {
		return nil, fmt.Errorf("it has %d arrays, and the net takes %d", len(list), at)
	}
	return r, nil
}

// position takes the tensors of a form from place at on, and says where the next ones begin, or why they do not fit.
func position(list []tensors.Tensor, at int, m module, form layout.Form) (p *Pair, next int, why string) {
	p = &Pair{Layer: m.layer, Module: m.name, Form: form}
	for _, t := range form {
		switch {
		case at < len(list) && graph.Shape(list[at].Shape).Equal(t.Shape):
			p.At = append(p.At, at)
			at++
			continue
		case t.Count:
			p.At = append(p.At, -1)
			continue
		case at >= len(list):
			return nil, 0, fmt.Sprintf("its %d arrays end before %s.%s of %v", len(list), m.name, t.Name, t.Shape)
		}
		return nil, 0, fmt.Sprintf("%s is %v, and %s.%s takes %v", list[at].Name, graph.Shape(list[at].Shape), m.name, t.Name, t.Shape)
	}
	return p, at, ""
}
