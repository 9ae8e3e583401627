package importer

import "slices"

func matmul(_ *node, in []*array) []*array { return one(product(in[0], in[1])) }

// times is a·b over the last two axes, as NumPy's matmul.
func product(a, b *array) *array {
	left, right := len(a.shape) == 1, len(b.shape) == 1
	if left {
		a = &array{[]int{1, len(a.data)}, a.data, a.whole}
	}
	if right {
		b = &array{[]int{len(b.data), 1}, b.data, b.whole}
	}
	if len(a.shape) < 2 || len(b.shape) < 2 {
		fail("a product of tensors of shapes %v and %v", a.shape, b.shape)
	}
	ra, rb := len(a.shape)-2, len(b.shape)-2
	m, k, n := a.shape[ra], a.shape[ra+1], b.shape[rb+1]
	if k != b.shape[rb] {
		fail("a product of tensors of shapes %v and %v", a.shape, b.shape)
	}
	outer := broadcast(a.shape[:ra], b.shape[:rb])
	x := spread(a, append(slices.Clone(outer), m, k))
	y := spread(b, append(slices.Clone(outer), k, n))
	out := newArray(a.whole && b.whole, append(slices.Clone(outer), m, n)...)
	for o := range sizeOf(outer) {
		for i := range m {
			to := out.data[(o*m+i)*n:][:n]
			for p, w := range x.data[(o*m+i)*k:][:k] {
				if w == 0 {
					continue
				}
				for j, v := range y.data[(o*k+p)*n:][:n] {
					to[j] += w * v
				}
			}
		}
	}
	switch shape := out.shape; {
	case left && right:
		out.shape = shape[:len(outer)]
	case left:
		out.shape = append(slices.Clone(outer), n)
	case right:
		out.shape = append(slices.Clone(outer), m)
	}
	return out
}

func gemm(n *node, in []*array) []*array {
	a, b := in[0], in[1]
	if n.int("transA", 0) != 0 {
		a = turned(a)
	}
	if n.int("transB", 0) != 0 {
		b = turned(b)
	}
	out := product(a, b)
	alpha, beta := n.float("alpha", 1), n.float("beta", 1)
	for i := range out.data {
		out.data[i] *= alpha
	}
	if c := given(in, 2); c != nil {
		for i, x := range spread(c, out.shape).data {
			out.data[i] += beta * x
		}
	}
	return one(out)
}

// turned is a matrix transposed.
func turned(a *array) *array {
	if len(a.shape) != 2 {
		fail("a matrix of shape %v", a.shape)
	}
	rows, cols := a.shape[0], a.shape[1]
	return picked(a, []int{cols, rows}, func(index []int) int { return index[1]*cols + index[0] })
}

// gone says which axes a node reduces: those that are listed, or all.
func gone(n *node, rank int, axes []int) []bool {
	out := make([]bool, rank)
	for i := range out {
		out[i] = len(axes) == 0 && n.int("noop_with_empty_axes", 0) == 0
	}
	for _, ax := range axes {
		out[axisOf(ax, rank)] = true
	}
	return out
}

func reduce(n *node, in []*array) []*array {
	a, axes := in[0], n.ints("axes")
	if list := given(in, 1); list != nil {
		axes = list.ints()
	}
	gone, kept, shape, count := gone(n, len(a.shape), axes), slices.Clone(a.shape), []int{}, 1
	for i, d := range a.shape {
		if gone[i] {
			kept[i], count = 1, count*d
		}
		if !gone[i] || n.int("keepdims", 1) != 0 {
			shape = append(shape, kept[i])
		}
	}
	out := newArray(a.whole, kept...)
	begun, step := make([]bool, len(out.data)), strides(kept)
	each(a.shape, func(i int, index []int) {
		at, x := 0, a.data[i]
		for ax, v := range index {
			if !gone[ax] {
				at += v * step[ax]
			}
		}
		switch {
		case !begun[at]:
			out.data[at], begun[at] = x, true
		case n.Op == "ReduceMax":
			out.data[at] = max(out.data[at], x)
		case n.Op == "ReduceMin":
			out.data[at] = min(out.data[at], x)
		case n.Op == "ReduceProd":
			out.data[at] *= x
		default:
			out.data[at] += x
		}
	})
	if n.Op == "ReduceMean" {
		for i := range out.data {
			out.data[i] /= float64(count)
		}
	}
	out.shape = shape
	return one(out)
}
