package calls

import "dnn/pkg/graph"

// nest describes loops over the elements of arrays, as a table: the number of axes, their sizes, and for each array how far an
// element lies from its neighbour along each axis. Axes that need no loop of their own are merged.
func nest(extent []int, strides ...[]int) []int {
	var e []int
	s := make([][]int, len(strides))
	for ax, n := range extent {
		if n == 1 {
			continue
		}
		last := len(e) - 1
		merge := last >= 0
		for k := range strides {
			merge = merge && s[k][last] == strides[k][ax]*n
		}
		if merge {
			e[last] *= n
		} else {
			e, last = append(e, n), last+1
		}
		for k := range strides {
			s[k] = append(s[k][:last], strides[k][ax])
		}
	}
	table := append([]int{len(e)}, e...)
	for k := range s {
		table = append(table, s[k]...)
	}
	return table
}

// strides are the distances between neighbours along each axis of an array without gaps.
func strides(s graph.Shape) []int {
	d, step := make([]int, len(s)), 1
	for ax := len(s) - 1; ax >= 0; ax-- {
		d[ax] = step
		step *= s[ax]
	}
	return d
}

// repeated are the strides of s when it is stretched to a larger shape: 0 along axes that are repeated.
func repeated(s, to graph.Shape) []int {
	d, own := make([]int, len(to)), strides(s)
	for ax := range to {
		if i := ax - (len(to) - len(s)); i >= 0 && s[i] == to[ax] {
			d[ax] = own[i]
		}
	}
	return d
}
