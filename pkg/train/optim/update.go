package optim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// Update is what an optimizer's update is built from.
type Update struct {
	B       *graph.Builder
	Prefix  string       // of the names of slots; "" for the weights of the net
	Weights *graph.Var   // the flat array, with Params
	Grads   *graph.Value // as long
	Rate    *graph.Value // learning rate: a scalar
	Scale   *graph.Value // multiplies the gradients first: a scalar
	Step    *graph.Value // int32 scalar, 1 at the first update
	Kept    *graph.Value // as long as the weights, 0 for those that become 0; nil where none do
}

// Slot is an array that lives from update to update, called optimizer.NAME behind the prefix and filled with first in the beginning.
func (u *Update) Slot(name string, size int, first float64) *graph.Var {
	var init func(dst []float32)
	if first != 0 {
		init = func(dst []float32) {
			for i := range dst {
				dst[i] = float32(first)
			}
		}
	}
	return u.B.Var(u.Prefix+"optimizer."+name, graph.Slot, graph.Shape{size}, init)
}

// Segments cuts the flat array where the learning rate's factor or the weight decay changes. Together they cover all of
// it, with the gaps between parameters.
func (u *Update) Segments(decay float64, exclude []string) []op.Segment {
	params := slices.Clone(u.Weights.Params)
	slices.SortFunc(params, func(a, b graph.Param) int { return cmp.Compare(a.Offset, b.Offset) })
	var list []op.Segment
	for i, p := range params {
		s := op.Segment{Lo: p.Offset, Hi: u.Weights.Value.Shape[0], Rate: p.Rate, Decay: decay}
		if i+1 < len(params) {
			s.Hi = params[i+1].Offset
		}
		if slices.ContainsFunc(exclude, func(name string) bool { return names(name, p) }) {
			s.Decay = 0
		}
		if last := len(list) - 1; last >= 0 && list[last].Rate == s.Rate && list[last].Decay == s.Decay {
			list[last].Hi = s.Hi
		} else {
			list = append(list, s)
		}
	}
	return list
}

// names reports whether the name is that of a parameter, its role, its layer or a layer around it.
func names(name string, p graph.Param) bool {
	return name == p.Role || name == p.Name || name == p.Layer || strings.HasPrefix(p.Layer, name+".")
}

// apply adds the update node with its slots, lets weights and slots take its outputs, and returns the new weights.
func apply[A interface{ Slots(n int) []op.Slot }](u *Update, a A, add func(*graph.Builder, op.Update, []*graph.Value, A) []*graph.Value) *graph.Value {
	vars := []*graph.Var{u.Weights}
	var slots []*graph.Value
	for _, s := range a.Slots(u.Weights.Value.Shape[0]) {
		v := u.Slot(s.Name, s.Size, s.Init)
		vars, slots = append(vars, v), append(slots, v.Value)
	}
	in := op.Update{Params: u.Weights.Value, Grads: u.Grads, LearningRate: u.Rate, GScale: u.Scale, Step: u.Step}
	outs := slices.Clone(add(u.B, in, slots, a))
	if u.Kept != nil {
		outs[0] = op.Keep(u.B, outs[0], u.Kept)
	}
	for i, v := range vars {
		u.B.Assign(v, outs[i])
	}
	return outs[0]
}

// Check notes names in decay_exclude that no parameter goes by.
func Check(o Optimizer, weights *graph.Var, p *spec.Problems) {
	e, ok := o.(interface{ excluded() []string })
	if !ok || weights == nil {
		return
	}
	var known []string
	for _, q := range weights.Params {
		known = append(known, q.Role, q.Layer, q.Name)
	}
	slices.Sort(known)
	known = slices.Compact(known)
	for i, name := range e.excluded() {
		if !slices.ContainsFunc(weights.Params, func(q graph.Param) bool { return names(name, q) }) {
			p.Add(fmt.Sprintf("optimizer.decay_exclude[%d]", i), "no parameter, role or layer is called %q%s", name, p.DidYouMean(name, func() []string { return known }))
		}
	}
}
