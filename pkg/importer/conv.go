package importer

import (
	"fmt"
	"slices"
)

func init() { register("Conv", conv) }

// windowOf is what nodes say of a window that slides over the axes of an image.
type window struct {
	kernel, stride, dilation []int
	before, after            []int // padding
	auto                     string
}

// windowOf reads the attributes. kernel is the window's size where no attribute says it.
func windowOf(n *node, rank int, kernel []int) window {
	w := window{kernel: n.ints("kernel_shape"), stride: n.ints("strides"), dilation: n.ints("dilations"), auto: n.text("auto_pad", "NOTSET")}
	if w.kernel == nil {
		w.kernel = kernel
	}
	ones := slices.Repeat([]int{1}, rank)
	if w.stride == nil {
		w.stride = ones
	}
	if w.dilation == nil {
		w.dilation = ones
	}
	pads := n.ints("pads")
	if pads == nil {
		pads = make([]int, 2*rank)
	}
	if len(w.kernel) != rank || len(w.stride) != rank || len(w.dilation) != rank || len(pads) != 2*rank {
		fail("settings for another number of axes than %d", rank)
	}
	w.before, w.after = slices.Clone(pads[:rank]), slices.Clone(pads[rank:])
	return w
}

// images is an input [batch, channels, s..] as the output of a layer in the order [s.., channels].
func images(n *node, i int) (s *signal, space []group, channels group) {
	s = n.signal(i)
	rank := len(s.axes) - 2
	if rank < 1 || rank > 3 {
		fail("a tensor of shape %v is no sequence, image or volume with channels", s.shape())
	}
	if !isBatch(s.axes[0]) {
		fail("the first axis of its input is not the batch")
	}
	space, channels = s.axes[2:], s.axes[1]
	return n.arrange(s, append(slices.Clone(space), channels)...), space, channels
}

// padding gives a layer the padding of a window over axes of these sizes, and returns the sizes of the output.
func (w window) padding(l *Layer, sizes []int, ceil bool) (out []int) {
	same, valid, even := true, true, true
	for i, d := range sizes {
		span := w.dilation[i]*(w.kernel[i]-1) + 1
		all := max(0, ((d+w.stride[i]-1)/w.stride[i]-1)*w.stride[i]+span-d)
		switch w.auto {
		case "SAME_UPPER":
			w.before[i], w.after[i] = all/2, all-all/2
		case "SAME_LOWER":
			w.before[i], w.after[i] = all-all/2, all/2
		case "VALID":
			w.before[i], w.after[i] = 0, 0
		}
		same = same && w.before[i] == all/2 && w.after[i] == all-all/2
		valid = valid && w.before[i] == 0 && w.after[i] == 0
		even = even && w.before[i] == w.after[i]
		n := d + w.before[i] + w.after[i] - span
		if ceil {
			n += w.stride[i] - 1
		}
		if n < 0 {
			fail("a window of %v does not fit an input of %v", w.kernel, sizes)
		}
		n = n/w.stride[i] + 1
		if ceil && (n-1)*w.stride[i] >= d+w.before[i] {
			n--
		}
		out = append(out, n)
	}
	switch {
	case valid:
	case even:
		l.set("padding", w.before)
	case same && !ceil:
		l.set("padding", "same")
	default:
		fail("pads %v before and %v behind: a layer pads both ends alike, or as much as gives the same size", w.before, w.after)
	}
	return out
}

// set gives a layer the settings of a window but for the padding.
func (w window) set(l *Layer, size string) {
	l.set(size, w.kernel)
	if !slices.Equal(w.stride, slices.Repeat([]int{1}, len(w.stride))) {
		l.set("stride", w.stride)
	}
	if !slices.Equal(w.dilation, slices.Repeat([]int{1}, len(w.dilation))) {
		l.set("dilation", w.dilation)
	}
}

// grown are axes of new sizes; those that were of any size stay so.
func grown(space []group, sizes []int) []group {
	out := make([]group, len(space))
	for i, g := range space {
		if sizes[i] == g.size() {
			out[i] = g
			continue
		}
		out[i] = group{{size: sizes[i], open: slices.ContainsFunc(g, func(a *atom) bool { return a.open })}}
	}
	return out
}

// imaged is the output of a layer over images.
func imaged(n *node, l *Layer, space []group, channels group) *signal {
	return &signal{
		layer: l.Name, own: append(slices.Clone(space), channels),
		axes: append([]group{{n.r.batch}, channels}, space...),
	}
}

func sizesOf(groups []group) (sizes []int) {
	for _, g := range groups {
		sizes = append(sizes, g.size())
	}
	return sizes
}

func conv(n *node) []*value {
	bare, pads := unpadded(n.signal(0))
	n.in[0] = signalOf(bare)
	s, space, channels := images(n, 0)
	w, rank := n.need(1), len(space)
	if len(w.shape) != rank+2 {
		fail("filters of shape %v for %d axes", w.shape, rank)
	}
	win := windowOf(n, rank, w.shape[2:])
	for i, g := range space {
		if len(g) == 0 { // one position
			continue
		}
		if p := pads[g[0]]; p != nil && win.auto == "NOTSET" || p != nil && win.auto == "VALID" {
			win.before[i], win.after[i], win.auto = win.before[i]+p.before, win.after[i]+p.after, "NOTSET"
		} else if p != nil {
			fail("pads by auto_pad what is padded")
		}
	}
	filters, in, groups := w.shape[0], channels.size(), n.int("group", 1)
	if groups < 1 || w.shape[1]*groups != in || filters%groups != 0 || !slices.Equal(win.kernel, w.shape[2:]) {
		fail("filters of shape %v do not fit %d channels in %d groups", w.shape, in, groups)
	}
	kind := fmt.Sprintf("conv%dd", rank)
	deep := groups == in && in > 1 && rank < 3
	if deep {
		kind = "depthwise_" + kind
	}
	l := n.layer(kind, s)
	switch {
	case deep && filters > in:
		l.set("multiplier", filters/in)
	case !deep:
		l.set("filters", filters)
	}
	win.set(l, "kernel")
	out := win.padding(l, sizesOf(space), false)
	if groups > 1 && !deep {
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
