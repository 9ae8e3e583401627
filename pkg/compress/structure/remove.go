package structure

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/transfer"
)

// removal is which classes of channels go.
type removal map[channel]bool

// changes are the settings of the spec without what goes. Sizes that follow from others are said as they are, so that they do not
// follow those that change.
func (r removal) changes(sizes []*size) (list []string) {
	for _, s := range sizes {
		left := s.left(r)
		if left != s.count || s.now == 0 {
			list = append(list, fmt.Sprintf("%s.%s=%d", s.path, s.key, left))
		}
	}
	return list
}

// left is what a setting counts without what goes.
func (s *size) left(r removal) int {
	left := s.count
	if !s.fixed {
		for _, x := range s.dims[0] {
			if r[x] {
				left--
			}
		}
	}
	return left
}

// places are the indices that stay along an axis.
func (c *coupling) places(r removal, a axis) (list []int) {
	for i, x := range a {
		if !r[c.class(x)] {
			list = append(list, i)
		}
	}
	return list
}

// shape is that of a parameter without what goes.
func (c *coupling) shape(r removal, p param) (s graph.Shape) {
	for _, a := range p.axes {
		s = append(s, len(c.places(r, a)))
	}
	return s
}

// cut copies what stays of a parameter.
func (c *coupling) cut(r removal, p param, from transfer.Piece) []float32 {
	at := []int{0}
	stride := from.Shape.Size()
	for i, a := range p.axes {
		stride /= from.Shape[i]
		var next []int
		for _, base := range at {
			for _, k := range c.places(r, a) {
				next = append(next, base+k*stride)
			}
		}
		at = next
	}
	values := make([]float32, len(at))
	for i, k := range at {
		values[i] = from.Data[k]
	}
	return values
}

// net is the net without what goes. It is an error if the spec cannot say it.
func (c *coupling) net(n *model.Network, sizes []*size, r removal) (*model.Network, error) {
	net, err := model.With(n, r.changes(sizes))
	if err != nil {
		return nil, err
	}
	shapes, err := model.Shapes(net)
	if err != nil {
		return nil, err
	}
	for _, p := range c.params {
		if want, got := c.shape(r, p), shapes[p.name]; !want.Equal(got) {
			return nil, fmt.Errorf("%s would be %v, not %v", p.name, got, want)
		}
	}
	return net, nil
}

// try finds groups of which the spec cannot say that a unit is gone.
func (c *coupling) try(n *model.Network, sizes []*size, groups []*group) {
	for _, g := range groups {
		if g.why != "" {
			continue
		}
		r := removal{}
		for _, p := range g.pools {
			r[p.classes[len(p.classes)-1]] = true
		}
		if _, err := c.net(n, sizes, r); err != nil {
			g.why = "the spec cannot say it: settings of layers behind it are for as many"
		}
	}
}

// asked leaves out groups of layers that are not to lose units.
func asked(groups []*group, wanted layers.Freezing, infos []layers.Info) error {
	if len(wanted) == 0 {
		return nil
	}
	if bad := wanted.Unmatched(infos); len(bad) > 0 {
		return fmt.Errorf("no layer matches %q; dnn summary lists them", wanted[bad[0]])
	}
	for _, g := range groups {
		for _, s := range g.sizes {
			if !wanted.Frozen(s.layer) {
				g.why = orElse(g.why, s.layer+" is not among the layers that are to lose units")
			}
		}
	}
	return nil
}
