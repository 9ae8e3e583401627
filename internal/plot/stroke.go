package plot

import (
	"image/color"
	"math"
)

// stroke paints a line with round joints. Its parts all turn the same way, so that overlaps do not cancel out.
func (c *canvas) stroke(points []point, width, dash float64, stroke color.NRGBA) {
	var parts [][]point
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
func bar(a, b point, width float64) []point {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return nil
	}
	nx, ny := -(b.y-a.y)/length*width/2, (b.x-a.x)/length*width/2
	return []point{{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}}
}

// circle returns a polygon that looks like one.
func circle(center point, radius float64) []point {
	n := 8 + int(4*math.Sqrt(radius*scale))
	points := make([]point, n)
	for i := range points {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		points[i] = point{center.x + radius*cos, center.y + radius*sin}
	}
	return points
}

// dashes cuts a line into dashes of a length with gaps as long.
func dashes(points []point, length float64) [][]point {
	if length <= 0 || len(points) < 2 {
		return [][]point{points}
	}
	var runs [][]point
	run, rest, drawn := []point{points[0]}, length, true
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		for {
			d := math.Hypot(b.x-a.x, b.y-a.y)
			if d <= rest {
				rest -= d
				run = append(run, b)
				break
			}
			a = point{a.x + (b.x-a.x)*rest/d, a.y + (b.y-a.y)*rest/d}
			if drawn {
				runs = append(runs, append(run, a))
			}
			run, rest, drawn = []point{a}, length, !drawn
		}
	}
	if drawn && len(run) > 1 {
		runs = append(runs, run)
	}
	return runs
}
