package importer

import "slices"

// target are the sizes of a reshape: 0 keeps an axis, -1 is what is left.
func target(want, have []int, keepZero bool) []int {
	out, open, n := slices.Clone(want), -1, 1
	for i, d := range out {
		switch {
		case d == 0 && !keepZero:
			if i >= len(have) {
				fail("a reshape to %v keeps an axis that the tensor of shape %v does not have", want, have)
			}
			out[i] = have[i]
		case d == -1 && open < 0:
			open = i
			continue
		case d < 0:
			fail("a reshape to %v", want)
		}
		n *= out[i]
	}
	size := sizeOf(have)
	if open >= 0 {
		if n == 0 || size%n != 0 {
			fail("a reshape to %v of a tensor of shape %v", want, have)
		}
		out[open], n = size/n, size
	}
	if n != size {
		fail("a reshape to %v of a tensor of shape %v", want, have)
	}
	return out
}

// flattened are the two sizes of a tensor that is cut into a matrix before an axis.
func flattened(axis int, shape []int) []int {
	if axis < 0 {
		axis += len(shape)
	}
	if axis < 0 || axis > len(shape) {
		fail("axis %d is beyond a tensor of %d axes", axis, len(shape))
	}
	return []int{sizeOf(shape[:axis]), sizeOf(shape[axis:])}
}

func reshape(n *node, in []*array) []*array {
	return one(&array{target(in[1].ints(), in[0].shape, n.int("allowzero", 0) != 0), in[0].data, in[0].whole})
}

func flatten(n *node, in []*array) []*array {
	return one(&array{flattened(n.int("axis", 1), in[0].shape), in[0].data, in[0].whole})
}

func squeeze(n *node, in []*array) []*array {
	which := n.listed("axes", 1)
	drop := make([]bool, len(in[0].shape))
	for i, d := range in[0].shape {
		drop[i] = which == nil && d == 1
	}
	for _, ax := range which {
		drop[axisOf(ax, len(drop))] = true
	}
	shape := []int{}
	for i, d := range in[0].shape {
		if !drop[i] {
			shape = append(shape, d)
		} else if d != 1 {
			fail("squeezes an axis of size %d", d)
		}
	}
	return one(&array{shape, in[0].data, in[0].whole})
}

func unsqueeze(n *node, in []*array) []*array {
	which := n.listed("axes", 1)
	shape := make([]int, len(in[0].shape)+len(which))
	for _, ax := range which {
		shape[axisOf(ax, len(shape))] = 1
	}
	next := 0
	for i := range shape {
		if shape[i] == 0 {
			if next == len(in[0].shape) {
				fail("an axis is unsqueezed twice")
			}
			shape[i], next = in[0].shape[next], next+1
		}
	}
	return one(&array{shape, in[0].data, in[0].whole})
}

// picked is an array of another shape, whose elements are those of a at the places that from gives.
func picked(a *array, shape []int, from func(index []int) int) *array {
	out := newArray(a.whole, shape...)
	each(shape, func(i int, index []int) { out.data[i] = a.data[from(index)] })
	return out
}

func transpose(n *node, in []*array) []*array {
	perm := perm(n, len(in[0].shape))
	step := strides(in[0].shape)
	shape := make([]int, len(perm))
	for i, p := range perm {
		shape[i] = in[0].shape[axisOf(p, len(perm))]
	}
	return one(picked(in[0], shape, func(index []int) (at int) {
		for i, p := range perm {
			at += index[i] * step[p]
		}
		return at
	}))
}

// perm is the order of axes of a transpose, by default the reverse.
func perm(n *node, rank int) []int {
	perm := n.ints("perm")
	if perm == nil {
		for i := range rank {
			perm = append(perm, rank-1-i)
		}
	}
	if sorted := slices.Sorted(slices.Values(perm)); len(perm) != rank || rank > 0 && (sorted[0] != 0 || sorted[rank-1] != rank-1) || len(slices.Compact(sorted)) != rank {
		fail("perm %v of a tensor of %d axes", perm, rank)
	}
	return perm
}

func concat(n *node, in []*array) []*array {
	axis := axisOf(n.int("axis", 0), len(in[0].shape))
	shape := slices.Clone(in[0].shape)
	shape[axis] = 0
	for _, a := range in {
		if len(a.shape) != len(shape) {
			fail("joins tensors of different numbers of axes")
		}
		shape[axis] += a.shape[axis]
	}
	out := newArray(in[0].whole, shape...)
	inner := sizeOf(shape[axis+1:])
	at := 0
	for _, a := range in {
		piece := a.shape[axis] * inner
		for o := range sizeOf(shape[:axis]) {
			copy(out.data[o*shape[axis]*inner+at:][:piece], a.data[o*piece:])
		}
		at += piece
	}
	return one(out)
}

// cut is the range of one axis that a slice takes: count elements from the first on, step apart.
type cut struct{ axis, first, step, count int }

// cuts are what a node Slice takes of a tensor.
func cuts(n *node, shape []int, starts, ends, axes, steps []int) []cut {
	var out []cut
	if len(starts) != len(ends) {
		fail("a slice with %d beginnings and %d ends", len(starts), len(ends))
	}
	for i := range starts {
		axis, step := i, 1
		if i < len(axes) {
			axis = axes[i]
		}
		if i < len(steps) {
			step = steps[i]
		}
		axis = axisOf(axis, len(shape))
		d := shape[axis]
		if step == 0 {
			fail("a slice with steps of 0")
		}
		low, high := 0, d
		if step < 0 {
			low, high = -1, d-1
		}
		limit := func(x int) int {
			if x < 0 {
				x += d
			}
			return max(low, min(high, x))
		}
		from, to := limit(starts[i]), limit(ends[i])
		if step < 0 && ends[i] < -d {
			to = -1
		}
		count := 0
		if step > 0 && to > from {
			count = (to - from + step - 1) / step
		} else if step < 0 && to < from {
			count = (from - to - step - 1) / -step
		}
		out = append(out, cut{axis, from, step, count})
	}
	return out
}

func slice(n *node, in []*array) []*array {
	list := func(i int, attribute string) []int {
		if a := given(in, i); a != nil {
			return a.ints()
		}
		return n.ints(attribute)
	}
	shape := slices.Clone(in[0].shape)
	step, offset := strides(shape), 0
	for _, c := range cuts(n, in[0].shape, list(1, "starts"), list(2, "ends"), list(3, "axes"), list(4, "")) {
		shape[c.axis] = c.count
		offset += c.first * step[c.axis]
		step[c.axis] *= c.step
	}
	return one(picked(in[0], shape, func(index []int) int {
		at := offset
		for i, x := range index {
			at += x * step[i]
		}
		return at
	}))
}

// partsOf are the sizes of the parts of a split.
func partsOf(n *node, d int, given []int) []int {
	if given == nil {
		given = n.ints("split")
	}
	if given == nil {
		parts := n.int("num_outputs", len(n.Outputs))
		size := (d + parts - 1) / parts
		for left := d; left > 0; left -= size {
			given = append(given, min(size, left))
		}
	}
	sum := 0
	for _, x := range given {
		sum += x
	}
	if sum != d || slices.ContainsFunc(given, func(x int) bool { return x < 0 }) {
		fail("cannot split %d into %v", d, given)
	}
	return given
}

func split(n *node, in []*array) (out []*array) {
	axis := axisOf(n.int("axis", 0), len(in[0].shape))
	var sizes []int
	if a := given(in, 1); a != nil {
		sizes = a.ints()
	}
	step, from := strides(in[0].shape), 0
	for _, size := range partsOf(n, in[0].shape[axis], sizes) {
		shape := slices.Clone(in[0].shape)
		shape[axis] = size
		offset := from * step[axis]
		out = append(out, picked(in[0], shape, func(index []int) int {
			at := offset
			for i, x := range index {
				at += x * step[i]
			}
			return at
		}))
		from += size
	}
	return out
}

func gather(n *node, in []*array) []*array {
	a, index := in[0], in[1]
	axis := axisOf(n.int("axis", 0), len(a.shape))
	shape := slices.Concat(a.shape[:axis], index.shape, a.shape[axis+1:])
	out := newArray(a.whole, shape...)
	inner, d := sizeOf(a.shape[axis+1:]), a.shape[axis]
	at := index.ints()
	for o := range sizeOf(a.shape[:axis]) {
		for i, x := range at {
			x = axisOf(x, d)
			copy(out.data[(o*len(at)+i)*inner:][:inner], a.data[(o*d+x)*inner:])
		}
	}
	return one(out)
}

func expand(_ *node, in []*array) []*array {
	shape := broadcast(in[0].shape, in[1].ints())
	return one(spread(in[0], shape))
}

func tile(_ *node, in []*array) []*array {
	times, shape := in[1].ints(), slices.Clone(in[0].shape)
	if len(times) != len(shape) {
		fail("repeats %v of a tensor of shape %v", times, shape)
	}
	for i := range shape {
		shape[i] *= times[i]
	}
	step := strides(in[0].shape)
	return one(picked(in[0], shape, func(index []int) (at int) {
		for i, x := range index {
			at += x % in[0].shape[i] * step[i]
		}
		return at
	}))
}

func trilu(n *node, in []*array) []*array {
	k := 0
	if a := given(in, 1); a != nil {
		k = a.ints()[0]
	}
	rank := len(in[0].shape)
	if rank < 2 {
		fail("a triangle of a tensor of shape %v", in[0].shape)
	}
	upper := n.int("upper", 1) != 0
	out := newArray(in[0].whole, in[0].shape...)
	each(out.shape, func(i int, index []int) {
		row, col := index[rank-2], index[rank-1]
		if upper && col-row >= k || !upper && col-row <= k {
			out.data[i] = in[0].data[i]
		}
	})
	return one(out)
}

// broadcast is the shape of two that are spread over each other.
func broadcast(a, b []int) []int {
	rank := max(len(a), len(b))
	out := make([]int, rank)
	for i := range out {
		x, y := 1, 1
		if at := i - rank + len(a); at >= 0 {
			x = a[at]
		}
		if at := i - rank + len(b); at >= 0 {
			y = b[at]
		}
		if x != y && x != 1 && y != 1 {
			fail("tensors of shapes %v and %v do not fit", a, b)
		}
		out[i] = max(x, y)
		if x == 0 || y == 0 {
			out[i] = 0
		}
	}
	return out
}

// spread is an array in a shape that it is broadcast to.
func spread(a *array, shape []int) *array {
	if slices.Equal(a.shape, shape) {
		return a
	}
	if len(a.shape) > len(shape) {
		fail("a tensor of shape %v does not fit into %v", a.shape, shape)
	}
	step := make([]int, len(shape))
	for i, s := range strides(a.shape) {
		at := i + len(shape) - len(a.shape)
		if a.shape[i] != 1 && a.shape[i] != shape[at] {
			fail("a tensor of shape %v does not fit into %v", a.shape, shape)
		}
		if a.shape[i] > 1 {
			step[at] = s
		}
	}
	return picked(a, shape, func(index []int) (at int) {
		for i, x := range index {
			at += x * step[i]
		}
		return at
	})
}

func where(_ *node, in []*array) []*array {
	shape := broadcast(broadcast(in[0].shape, in[1].shape), in[2].shape)
	c, x, y := spread(in[0], shape), spread(in[1], shape), spread(in[2], shape)
	out := newArray(x.whole, shape...)
	for i := range out.data {
		if out.data[i] = y.data[i]; c.data[i] != 0 {
			out.data[i] = x.data[i]
		}
	}
	return one(out)
}
