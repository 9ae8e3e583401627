package importer

import "slices"

func init() {
	register("LSTM", func(n *node) []*value { return recurrence(n, "lstm", []int{0, 2, 3, 1}) })
	register("GRU", func(n *node) []*value {
		n.only("linear_before_reset", 1)
		return recurrence(n, "gru", []int{1, 0, 2})
	})
	register("RNN", func(n *node) []*value { return recurrence(n, "rnn", []int{0}) })
}

// recurrence is a layer over sequences. order says where the gates of ours are among those of ONNX.
func recurrence(n *node, kind string, order []int) []*value {
	s := n.signal(0)
	if len(s.axes) != 3 {
		fail("a tensor of shape %v is no sequence", s.shape())
	}
	batchAt := 1 - n.int("layout", 0)
	if !isBatch(s.axes[batchAt]) {
		fail("its input has the batch in another axis than %d", batchAt)
	}
	steps, features := s.axes[1-batchAt], s.axes[2]
	x := n.arrange(s, steps, inOrder(n, s, features))
	w, rec := n.need(1), n.need(2)
	gates, units := len(order), n.int("hidden_size", rec.shape[len(rec.shape)-1])
	ways := 1
	switch way := n.text("direction", "forward"); way {
	case "forward":
	case "bidirectional":
		ways = 2
	default:
		fail("direction %s alone is not supported", way)
	}
	if !slices.Equal(w.shape, []int{ways, gates * units, features.size()}) || !slices.Equal(rec.shape, []int{ways, gates * units, units}) {
		fail("weights of shapes %v and %v for %d units", w.shape, rec.shape, units)
	}
	plainRecurrence(n, kind, ways, steps.size())
	l := n.layer(kind, x)
	l.set("units", units)
	if ways == 2 {
		l.set("bidirectional", true)
	}
	if n.used(0) {
		l.set("sequences", true)
	}
	b := n.array(3)
	if b == nil {
		l.set("bias", false)
	}
	if kind == "rnn" && activations(n, ways)[0] == "Relu" {
		l.set("activation", "relu")
	}
	p := permutation(x.own[1], features)
	for way := range ways {
		suffix := []string{"_l0", "_l0_reverse"}[way]
		in, hidden := features.size(), gates*units
		ih := gated(w.data[way*hidden*in:][:hidden*in], order, units*in)
		l.param("weight_ih"+suffix, columns(ih, in, p), hidden, in)
		l.param("weight_hh"+suffix, columns(gated(rec.data[way*hidden*units:][:hidden*units], order, units*units), units, nil), hidden, units)
		if b != nil {
			if len(b.data) != ways*2*hidden {
				fail("biases of shape %v for %d units", b.shape, units)
			}
			both := b.data[way*2*hidden:]
			l.param("bias_ih"+suffix, columns(gated(both[:hidden], order, units), 1, nil), hidden)
			l.param("bias_hh"+suffix, columns(gated(both[hidden:][:hidden], order, units), 1, nil), hidden)
		}
	}
	return states(n, l, x, steps, ways, units)
}

// states are the outputs: all steps, and the last states.
func states(n *node, l *Layer, x *signal, steps group, ways, units int) []*value {
	way, unit := &atom{size: ways}, &atom{size: units}
	batch := group{n.r.batch}
	all := &signal{layer: l.Name, own: []group{steps, {way, unit}}, axes: []group{steps, {way}, batch, {unit}}}
	last := &signal{layer: l.Name, own: []group{{way, unit}}, axes: []group{{way}, batch, {unit}}}
	if n.used(0) {
		last.layer, last.own = l.Name+".h", []group{{way}, {unit}}
	}
	cell := &signal{layer: l.Name + ".c", own: []group{{way}, {unit}}, axes: last.axes}
	if n.int("layout", 0) == 1 {
		all.axes, last.axes, cell.axes = []group{batch, steps, {way}, {unit}}, []group{batch, {way}, {unit}}, []group{batch, {way}, {unit}}
	}
	return []*value{signalOf(all), signalOf(last), signalOf(cell)}
}

// plainRecurrence refuses what no layer does.
func plainRecurrence(n *node, kind string, ways, steps int) {
	if a := n.array(4); a != nil && !a.all(float64(steps)) {
		fail("lengths of sequences that are constants, and not all steps")
	}
	for i := 5; i < len(n.Inputs) && i < 7; i++ {
		if a := n.array(i); a != nil && !a.all(0) {
			fail("initial states that are constants other than 0")
		}
	}
	if n.has(7) {
		fail("peepholes are not supported")
	}
	if n.Attribute("clip") != nil || n.int("input_forget", 0) != 0 {
		fail("clip and input_forget are not supported")
	}
	want := map[string][]string{"lstm": {"Sigmoid", "Tanh", "Tanh"}, "gru": {"Sigmoid", "Tanh"}}[kind]
	have := activations(n, ways)
	for i, f := range have {
		if want != nil && f != want[i%len(want)] || want == nil && (f != have[0] || f != "Tanh" && f != "Relu") {
			fail("activations %v are not supported", have)
		}
	}
}

// activations are the functions of the gates, direction by direction.
func activations(n *node, ways int) []string {
	if list, ok := n.Attribute("activations").([]string); ok && len(list) > 0 {
		return list
	}
	one := map[string][]string{"LSTM": {"Sigmoid", "Tanh", "Tanh"}, "GRU": {"Sigmoid", "Tanh"}, "RNN": {"Tanh"}}[n.Op]
	return slices.Repeat(one, ways)
}

// gated are the blocks of the gates in our order.
func gated(x []float64, order []int, block int) (out []float64) {
	for _, at := range order {
		out = append(out, x[at*block:][:block]...)
	}
	return out
}

// columns are rows of n numbers as float32, the numbers of each in another order.
func columns(x []float64, n int, p []int) []float32 {
	out := make([]float32, len(x))
	for i := range out {
		at := i
		if p != nil {
			at = i/n*n + p[i%n]
		}
		out[i] = float32(x[at])
	}
	return out
}
