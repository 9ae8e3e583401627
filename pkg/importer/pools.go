package importer

import (
	"fmt"
	"slices"
)

func init() {
	register("MaxPool", func(n *node) []*value { return pool(n, "max_pool") })
	register("AveragePool", func(n *node) []*value { return pool(n, "avg_pool") })
	register("GlobalAveragePool", func(n *node) []*value { return global(n, "global_avg_pool") })
	register("GlobalMaxPool", func(n *node) []*value { return global(n, "global_max_pool") })
	register("ReduceMean", func(n *node) []*value { return reduced(n, "global_avg_pool") })
	register("ReduceMax", func(n *node) []*value { return reduced(n, "global_max_pool") })
}

// pool is a layer over windows.
func pool(n *node, kind string) []*value {
	s, space, channels := images(n, 0)
	win := windowOf(n, len(space), nil)
	if n.used(1) {
		fail("the places of the largest elements are used")
	}
	if !same(win.dilation) || win.dilation[0] != 1 {
		fail("dilations %v are not supported", win.dilation)
	}
	l := n.r.add(fmt.Sprintf("%s%dd", kind, len(space)), "", s)
	l.set("size", win.kernel)
	if !slices.Equal(win.stride, win.kernel) {
		l.set("stride", win.stride)
	}
	ceil := n.int("ceil_mode", 0) != 0
	if ceil {
		l.set("ceil", true)
	}
	out := win.padding(l, sizesOf(space), ceil)
	if kind == "avg_pool" && n.int("count_include_pad", 0) == 0 && (l.setting("padding") != "" || ceil) {
		l.set("count_padding", false)
	}
	return []*value{signalOf(imaged(n, l, grown(space, out), channels))}
}

// global is a layer over all positions; the axes stay with one position.
func global(n *node, kind string) []*value {
	s, space, channels := images(n, 0)
	return []*value{signalOf(pooled(n, kind, s, space, channels, append([]group{{n.r.batch}, channels}, make([]group, len(space))...)))}
}

// pooled is the output of a layer that leaves the channels alone.
func pooled(n *node, kind string, s *signal, space []group, channels group, axes []group) *signal {
	l := n.r.add(fmt.Sprintf("%s%dd", kind, len(space)), "", s)
	return &signal{layer: l.Name, own: []group{channels}, axes: axes}
}

// reduced is global over the axes that a node names, which must be all but the batch and one more.
func reduced(n *node, kind string) []*value {
	s := n.signal(0)
	gone := gone(n, len(s.axes), n.listed("axes", 1))
	var space, axes []group
	var channels group
	for i, g := range s.axes {
		switch {
		case gone[i]:
			space = append(space, g)
			if n.int("keepdims", 1) != 0 {
				axes = append(axes, group{})
			}
			continue
		case isBatch(g):
		case channels != nil:
			fail("over some positions of an image only: a layer takes all of them")
		default:
			channels = g
		}
		axes = append(axes, g)
	}
	if channels == nil || len(space) == 0 || len(space) > 3 || slices.Contains(flat(space), n.r.batch) {
		fail("over axes %v of a tensor of shape %v", n.listed("axes", 1), s.shape())
	}
	x := n.arrange(s, append(slices.Clone(space), channels)...)
	return []*value{signalOf(pooled(n, kind, x, space, channels, axes))}
}
