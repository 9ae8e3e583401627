package transfer

import (
	"slices"
	"strings"
)

// index finds what belongs to layers: a net may have tens of thousands of them.
type index struct {
	layers map[string]bool
	owned  map[string][]string // by the innermost layer
	all    map[string][]string // by the layer of the net's own list
}

// newIndex is that of parameters and states of a net with these layers.
func newIndex[T any](have map[string]T, layers []string) index {
	x := index{map[string]bool{}, map[string][]string{}, map[string][]string{}}
	for _, layer := range layers {
		x.layers[layer] = true
	}
	for name := range have {
		layer, outer := x.owner(name), outermost(name)
		x.owned[layer], x.all[outer] = append(x.owned[layer], name), append(x.all[outer], name)
	}
	for _, lists := range []map[string][]string{x.owned, x.all} {
		for _, list := range lists {
			slices.Sort(list)
		}
	}
	return x
}

// look is the index of a model, by the layers of the net that begins.
func (t *Transfer) look(m *Model) *index {
	if m.theirs == nil {
		x := newIndex(m.Have, t.net.Names)
		m.theirs = &x
	}
	return m.theirs
}

// owner is the innermost layer that a parameter belongs to.
func (x *index) owner(param string) string {
	for at := strings.LastIndexByte(param, '.'); at > 0; at = strings.LastIndexByte(param[:at], '.') {
		if x.layers[param[:at]] {
			return param[:at]
		}
	}
	return ""
}

// under lists what belongs to a layer, or to those within it, sorted.
func (x *index) under(layer string) (names []string) {
	for _, name := range x.all[outermost(layer)] {
		if strings.HasPrefix(name, layer+".") {
			names = append(names, name)
		}
	}
	return names
}

// within lists the layers in one of the net's own list that have something to learn, itself included, sorted.
func (x *index) within(outer string) (list []string) {
	for _, name := range x.all[outer] {
		list = append(list, x.owner(name))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// outermost lists the layers of the net's own list that have something to learn, sorted.
func (x *index) outermost() (list []string) {
	for layer := range x.all {
		list = append(list, layer)
	}
	slices.Sort(list)
	return list
}

// outermost is the layer of the net's own list that a name is of.
func outermost(name string) string {
	layer, _, _ := strings.Cut(name, ".")
	return layer
}

// outermost lists the layers of the net's own list that have something to learn, in their order.
func (t *Transfer) outermost() (list []string) {
	for _, name := range t.net.Names {
		if len(t.ours.all[name]) > 0 {
			list = append(list, name)
		}
	}
	return list
}
