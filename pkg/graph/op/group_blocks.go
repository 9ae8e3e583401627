package op

import "dnn/pkg/graph"

// groupBlocks is how the kernels of group norms cut their work: each row's positions into blocks of rowBlock, whose
// moments or sums by channel are joined.
type groupBlocks struct {
	GroupNormAttrs
	rows, positions, channels, blocks int
}

// columns is a phase over the blocks of all rows and strips of channels. run is told the number of the block, its first
// position, how many there are, and a range of channels.
func (g groupBlocks) columns(run func(c *graph.Call, u, first, count, lo, hi int)) graph.Phase {
	strips := ceil(g.channels, strip)
	work := min(rowBlock, g.positions) * min(strip, g.channels)
	return cut(g.rows*g.blocks*strips, max(1, chunk/max(1, work)), func(c *graph.Call, lo, hi int) {
		for u := lo; u < hi; u++ {
			block, from := u/strips, u%strips*strip
			first := block % g.blocks * rowBlock
			run(c, block, block/g.blocks*g.positions+first, min(rowBlock, g.positions-first), from, min(from+strip, g.channels))
		}
	})
}

// positionsOf is a phase over the positions of all rows. run is told a row and a range of its positions.
func (g groupBlocks) positionsOf(run func(c *graph.Call, row, lo, hi int)) graph.Phase {
	return byRows(g.rows*g.positions, g.channels, func(c *graph.Call, lo, hi int) {
		for lo < hi {
			row := lo / g.positions
			end := min(hi, (row+1)*g.positions)
			run(c, row, lo-row*g.positions, end-row*g.positions)
			lo = end
		}
	})
}

// join returns mean and variance of group j of a row from the moments of its blocks' channels (Chan et al. 1979). The
// conversions forbid fused additions, which would give other bits on other processors.
func (g groupBlocks) join(means, variances []float32, row, j int) (mean, variance float32) {
	size := g.channels / g.Groups
	each := func(f func(weight, mean, variance float64)) {
		for k := range g.blocks {
			weight := float64(min(rowBlock, g.positions-k*rowBlock)) / float64(g.positions*size)
			at := (row*g.blocks+k)*g.channels + j*size
			for i := at; i < at+size; i++ {
				f(weight, float64(means[i]), float64(variances[i]))
			}
		}
	}
	var m, v float64
	each(func(weight, mean, _ float64) { m += float64(weight * mean) })
	each(func(weight, mean, variance float64) {
		d := mean - m
		v += float64(weight * (variance + float64(d*d)))
	})
	return float32(m), float32(v)
}

// spread repeats what belongs to a group for each of its channels.
func (g groupBlocks) spread(dst, groups []float32) {
	size := g.channels / g.Groups
	for j, v := range groups {
		for i := range size {
			dst[j*size+i] = v
		}
	}
}
