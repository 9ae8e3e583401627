package importer

import (
	"fmt"
	"slices"
)

func init() {
	register("ConvTranspose", convTranspose)
	needs["ConvTranspose"] = 2
}

// convTranspose is a layer that enlarges a sequence or an image.
func convTranspose(n *node) []*value {
	s, space, channels := images(n, 0)
	w, rank := n.need(1), len(space)
	if rank > 2 {
		fail("over %d axes: layers enlarge sequences and images", rank)
	}
	if len(w.shape) != rank+2 {
		fail("filters of shape %v for %d axes", w.shape, rank)
	}
	win, groups := windowOf(n, rank, w.shape[2:]), n.int("group", 1)
	if groups < 1 || w.shape[0] != channels.size() || channels.size()%groups != 0 || !slices.Equal(win.kernel, w.shape[2:]) {
		fail("filters of shape %v do not fit %d channels in %d groups", w.shape, channels.size(), groups)
	}
	filters := w.shape[1] * groups
	l := n.layer(fmt.Sprintf("conv_transpose%dd", rank), s)
	l.set("filters", filters)
	win.set(l, "kernel")
	out := win.enlarged(n, l, space)
	if groups > 1 {
		l.set("groups", groups)
	}
	l.param("weight", w.floats(), w.shape...)
	if b := n.array(2); b != nil {
		l.param("bias", b.floats(), filters)
	} else {
		l.set("bias", false)
	}
	return []*value{signalOf(imaged(n, l, grown(space, out), group{{size: filters}}))}
}

// enlarged gives a layer the padding, and returns the sizes of the output. What is cut off before and behind is told as a padding at
// both ends and a few positions more behind.
func (w window) enlarged(n *node, l *Layer, space []group) (out []int) {
	more, sizes := n.ints("output_padding"), n.ints("output_shape")
	if more == nil {
		more = make([]int, len(space))
	}
	if len(more) != len(space) || sizes != nil && len(sizes) != len(space) {
		fail("settings for another number of axes than %d", len(space))
	}
	for i, g := range space {
		d, s := g.size(), w.stride[i]
		all := (d-1)*s + w.dilation[i]*(w.kernel[i]-1) + 1 + more[i]
		before, after := w.before[i], w.after[i]
		switch {
		case sizes != nil && slices.ContainsFunc(g, func(a *atom) bool { return a.open }):
			fail("gives an axis of any size the size %d", sizes[i])
		case sizes != nil:
			before, after = surplus(w.auto, all-sizes[i])
		case w.auto == "SAME_UPPER" || w.auto == "SAME_LOWER":
			before, after = surplus(w.auto, all-d*s)
		case w.auto == "VALID":
			before, after = 0, 0
		}
		w.before[i], more[i] = before, more[i]+before-after
		if before < 0 || more[i] < 0 || more[i] >= max(s, 1) || all-before-after < 1 {
			fail("cuts %d off before and %d behind, and adds %d: a layer cuts both ends alike, and adds less than the stride",
				before, after, more[i]+after-before)
		}
		out = append(out, all-before-after)
	}
	if slices.Max(w.before) > 0 {
		l.set("padding", w.before)
	}
	if slices.Max(more) > 0 {
		l.set("output_padding", more)
	}
	return out
}

// surplus shares out what is too much between both ends.
func surplus(auto string, n int) (before, after int) {
	if auto == "SAME_UPPER" {
		return n / 2, n - n/2
	}
	return n - n/2, n / 2
}
