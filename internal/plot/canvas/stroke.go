package canvas

import (
	"image/color"
	"math"
)

// stroke paints a line with round joints. Its parts all turn the same way, so that overlaps do not cancel out.
func (c *canvas) stroke(points []Point, width, dash float64, stroke color.NRGBA) {
	var parts [][]Point
	for _, run := range dashes(points, dash) {
		for i := 1; i < len(run); i++ {
			if q := bar(run[i-1], run[i], width); q != nil {
				parts = append(parts, q)
			}
			if i+1 < len(run) && width > 1 {
				parts = append(parts, circle(run[i], width/2))
			}
		}
	}
	c.fill(parts, stroke)
}

// bar returns the rectangle of a line's straight part, or nil for one without length.
func bar(a, b Point, width float64) []Point {
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length == 0 {
		return nil
	}
	nx, ny := -(b.Y-a.Y)/length*width/2, (b.X-a.X)/length*width/2
	return []Point{{a.X - nx, a.Y - ny}, {b.X - nx, b.Y - ny}, {b.X + nx, b.Y + ny}, {a.X + nx, a.Y + ny}}
}

// circle returns a polygon that looks like one.
func circle(center Point, radius float64) []Point {
	n := 8 + int(4*math.Sqrt(radius*scale))
	points := make([]Point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = Point{center.X + radius*cos, center.Y + radius*sin}
	}
	return points
}

// dashes cuts a line into dashes of a length with gaps as long.
func dashes(points []Point, length float64) [][]Point {
	if length <= 0 || len(points) < 2 {
		return [][]Point{points}
	}
	var runs [][]Point
	run, rest, drawn := []Point{points[0]}, length, true
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		for {
			d := math.Hypot(b.X-a.X, b.Y-a.Y)
			if d <= rest {
				rest -= d
				run = append(run, b)
				break
			}
			a = Point{a.X + (b.X-a.X)*rest/d, a.Y + (b.Y-a.Y)*rest/d}
			if drawn {
				runs = append(runs, append(run, a))
			}
			run, rest, drawn = []Point{a}, length, !drawn
		}
	}
	if drawn && len(run) > 1 {
		runs = append(runs, run)
	}
	return runs
}
