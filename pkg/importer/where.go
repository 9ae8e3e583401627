package importer

func init() { register("Where", whereSignal) }

// whereSignal chooses element by element between functions of one value.
func whereSignal(n *node) []*value {
	var base *signal
	var inputs []int
	var from []*signal
	at := make([]func(x float64) float64, 3)
	for i := range 3 {
		if a := n.in[i].known; a != nil {
			c, ok := a.scalar()
			if !ok {
				fail("chooses by a constant of shape %v", a.shape)
			}
			at[i] = func(float64) float64 { return c }
			continue
		}
		s := n.signal(i)
		if base == nil {
			base = s
		}
		if s.layer != base.layer || !sameGroups(s.own, base.own) || !sameGroups(s.axes, base.axes) {
			fail("chooses between values of different layers")
		}
		at[i], inputs, from = s.value, append(inputs, i), append(from, s)
	}
	out := *base
	out.fn = &function{edges: edgesOf(n, inputs...), steps: stepsOf(from...), at: func(x float64) float64 {
		if at[0](x) != 0 {
			return at[1](x)
		}
		return at[2](x)
	}}
	return n.view(&out)
}
