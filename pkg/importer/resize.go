package importer

import (
	"fmt"
	"math"
	"slices"
)

func init() { register("Resize", resize) }

// resize is a layer that makes several positions of one. Others than whole multiples are no layer.
func resize(n *node) []*value {
	s, space, channels := images(n, 0)
	rank, shape := len(space), n.signal(0).shape()
	times := timesOf(n, shape)
	if rank > 2 || times[0] != 1 || times[1] != 1 {
		fail("enlarges a tensor of shape %v by %v: layers enlarge sequences and images", shape, times)
	}
	mode, place := n.text("mode", "nearest"), n.text("coordinate_transformation_mode", "half_pixel")
	half := place == "half_pixel" || place == "pytorch_half_pixel"
	method := ""
	switch {
	case mode == "nearest" && (place == "asymmetric" && n.text("nearest_mode", "round_prefer_floor") == "floor" ||
		half && n.text("nearest_mode", "round_prefer_floor") != "floor" && n.text("nearest_mode", "") != "ceil"):
	case mode == "linear" && half:
		method = []string{"linear", "bilinear"}[rank-1]
	default:
		fail("mode %s with positions %s is not supported: copies and linear interpolation without aligned corners are", mode, place)
	}
	var by, out []int
	for i, g := range space {
		x := times[2+i]
		if x != math.Trunc(x) || x < 1 || x*float64(g.size()) > math.MaxInt32 {
			fail("enlarges by %.6g, and layers enlarge by whole numbers", x)
		}
		by, out = append(by, int(x)), append(out, int(x)*g.size())
	}
	l := n.r.add(fmt.Sprintf("upsample%dd", rank), "", s)
	l.set("size", by)
	if method != "" {
		l.set("method", method)
	}
	return []*value{signalOf(imaged(n, l, grown(space, out), channels))}
}

// timesOf is by how much each axis grows.
func timesOf(n *node, shape []int) []float64 {
	axes := n.ints("axes")
	if axes == nil {
		for i := range shape {
			axes = append(axes, i)
		}
	}
	times := slices.Repeat([]float64{1}, len(shape))
	scales, sizes := n.array(2), n.array(3)
	for i, ax := range axes {
		at := axisOf(ax, len(shape))
		switch {
		case scales != nil && len(scales.data) == len(axes):
			times[at] = scales.data[i]
		case sizes != nil && len(sizes.data) == len(axes):
			times[at] = sizes.data[i] / float64(shape[at])
		default:
			fail("has neither scales nor sizes for %d axes", len(axes))
		}
	}
	return times
}
