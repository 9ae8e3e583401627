package metrics

// grid is a square of counts. Those of vocabularies are too large to be kept cell by cell; few of their cells are ever used.
type grid struct {
	n      int
	dense  []float64
	sparse []map[int]float64 // by row
}

// mostDense is the number of classes up to which every cell is kept.
const mostDense = 1024

func newGrid(n int) grid {
	if n > mostDense {
		return grid{n: n, sparse: make([]map[int]float64, n)}
	}
	return grid{n: n, dense: make([]float64, n*n)}
}

func (g *grid) add(row, column int, w float64) {
	switch {
	case g.sparse == nil:
		g.dense[row*g.n+column] += w
	case g.sparse[row] == nil:
		g.sparse[row] = map[int]float64{column: w}
	default:
		g.sparse[row][column] += w
	}
}

// row is all counts of a row, not to be written to. They lie in memory where that is needed and large enough.
func (g *grid) row(i int, memory []float64) []float64 {
	if g.sparse == nil {
		return g.dense[i*g.n : (i+1)*g.n]
	}
	if len(memory) < g.n {
		memory = make([]float64, g.n)
	}
	clear(memory)
	for column, w := range g.sparse[i] {
		memory[column] = w
	}
	return memory
}
