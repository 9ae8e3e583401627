package plot

import (
	"cmp"
	"image/color"
	"math"
	"slices"

	"dnn/internal/plot/canvas"
)

// hexRadius is the distance from the centre of a hexagon to its corners.
const hexRadius = 6.5

// hexagon is a cell of the density: its centre and how many pairs lie in it.
type hexagon struct {
	x, y  float64
	count float64
}

// density draws the pairs as hexagons, coloured by the logarithm of their count, with a colour bar.
func density(p *canvas.Drawing, x, y *axis, pairs []canvas.Point) {
	cells := hexagons(x, y, pairs)
	most := 0.0
	for _, h := range cells {
		most = max(most, h.count)
	}
	share := func(n float64) float64 { return math.Log(n) / math.Log(max(most, 2)) }
	for _, h := range cells {
		p.Add(h.polygon(canvas.Viridis.At(share(h.count))))
	}
	var ticks []tick
	for n := 1.0; n <= most; n *= 10 {
		ticks = append(ticks, tick{share(n), count(n)})
	}
	if last := ticks[len(ticks)-1]; share(most)-last.value > 0.08 {
		ticks = append(ticks, tick{1, count(most)})
	}
	colorBar(p, canvas.Viridis, x.to+30, y.to+16, 260, ticks, "pairs")
}

// hexagons counts the pairs in a honeycomb, which is two rectangular grids half a cell apart: the nearer centre gets
// the pair.
func hexagons(x, y *axis, pairs []canvas.Point) []hexagon {
	const dx, dy = hexRadius * 1.7320508075688772, hexRadius * 3
	type place struct{ i, j int } // in multiples of dx/2 and dy/2
	counts := map[place]float64{}
	for _, q := range pairs {
		px, py := x.at(q.X)-x.from, y.from-y.at(q.Y)
		i, j := math.Round(px/dx), math.Round(py/dy)
		k, l := math.Floor(px/dx)+0.5, math.Floor(py/dy)+0.5
		if math.Hypot(px-i*dx, py-j*dy) > math.Hypot(px-k*dx, py-l*dy) {
			i, j = k, l
		}
		counts[place{int(2 * i), int(2 * j)}]++
	}
	cells := make([]hexagon, 0, len(counts))
	for at, n := range counts {
		cells = append(cells, hexagon{x.from + float64(at.i)*dx/2, y.from - float64(at.j)*dy/2, n})
	}
	slices.SortFunc(cells, func(a, b hexagon) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	return cells
}

func (h hexagon) polygon(fill color.NRGBA) canvas.Polygon {
	const half, quarter = hexRadius * 0.8660254037844386, hexRadius / 2
	return canvas.Polygon{Points: canvas.Path(
		h.x, h.y-hexRadius, h.x+half, h.y-quarter, h.x+half, h.y+quarter,
		h.x, h.y+hexRadius, h.x-half, h.y+quarter, h.x-half, h.y-quarter,
	), Fill: fill}
}
