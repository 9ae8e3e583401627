package layout

import (
	"slices"
	"strings"
)

// part is what belongs together of a layer's parameters: a product with its bias, a norm, an attention.
type part struct {
	name   string // "" for the whole layer, 0.self_attention
	params map[string]*Param
	order  []string
}

func (p *part) has(roles ...string) bool {
	for _, r := range roles {
		if p.params[r] == nil {
			return false
		}
	}
	return true
}

// projections are the parts of which an attention with several heads consists.
var projections = []string{"query", "key", "value", "output"}

// partsOf are those of a layer, in their order. Those of an attention are one.
func partsOf(l *Layer) (list []*part) {
	attends := map[string]bool{}
	if l.Heads > 0 {
		for _, p := range l.Params {
			if at, ok := strings.CutSuffix(p.Role, "value.weight"); ok {
				attends[at] = true
			}
		}
	}
	byName := map[string]*part{}
	for i := range l.Params {
		p := &l.Params[i]
		at := strings.LastIndexByte(p.Role, '.') + 1
		for _, q := range projections {
			if before, ok := strings.CutSuffix(p.Role[:at], q+"."); ok && attends[before] {
				at = len(before)
			}
		}
		name, role := strings.TrimSuffix(p.Role[:at], "."), p.Role[at:]
		if role == "positions" && byName[name] != nil { // next to the table of an embedding
			name = "positions"
		}
		if byName[name] == nil {
			byName[name] = &part{name: name, params: map[string]*Param{}}
			list = append(list, byName[name])
		}
		byName[name].params[role] = p
		byName[name].order = append(byName[name].order, role)
	}
	return joinBias(list)
}

// joinBias gives the bias of a layer that multiplies twice to its second product.
func joinBias(list []*part) []*part {
	at := slices.IndexFunc(list, func(p *part) bool { return p.name == "" && len(p.params) == 1 && p.has("bias") })
	second := slices.IndexFunc(list, func(p *part) bool { return p.name == "up" || p.name == "pointwise" })
	if at < 0 || second < 0 {
		return list
	}
	list[second].params["bias"] = list[at].params["bias"]
	list[second].order = append(list[second].order, "bias")
	return slices.Delete(list, at, at+1)
}

// heads are those of a part that is an attention, and the features of each.
func (p *part) heads(l *Layer) (heads, keyHeads, size int) {
	return l.Heads, l.KeyHeads, p.params["query.weight"].Shape[0] / l.Heads
}

// single are the windows, of single elements, that the weights of a product may have elsewhere: what multiplies each place of an image is
// a dense layer in some nets and a convolution in others. The likely one comes first; none for a dense layer itself.
func single(p *part, w *Param) (windows [][]int) {
	rank := len(w.Shape)
	matrix := rank == 2 && w.Flat == nil && p.name != ""
	if !matrix && (rank == 2 || slices.ContainsFunc(w.Shape[2:], func(n int) bool { return n > 1 })) {
		return nil
	}
	for k := range 4 {
		if k != rank-2 {
			windows = append(windows, []int{1, 1, 1}[:k])
		}
	}
	return windows
}

// likely brings the form to the front that has as many axes of space as a matrix that is part of a layer.
func likely(forms []Form, p *part, w *Param) []Form {
	if p.name != "" && len(w.Shape) == 2 && w.Space > 0 && w.Space < len(forms) {
		one := forms[w.Space]
		forms = append([]Form{one}, slices.Delete(forms, w.Space, w.Space+1)...)
	}
	return forms
}
