package main

import (
	"fmt"
	"strings"
)

type (
	point struct{ x, y float64 }
	line  struct {
		name   string
		points []point
	}
	panel struct {
		label string
		lines []line
	}
)

const (
	width, height = 420.0, 300.0
	left, bottom  = 60.0, 44.0
	head          = 46.0
)

var colors = []string{"#1f6fb2", "#c4532d", "#3b8f4d"}

// draw puts panels side by side into an SVG.
func draw(title string, panels ...panel) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" font-family="sans-serif" font-size="13">`, width*float64(len(panels)), height+head)
	fmt.Fprintf(&b, "\n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<text x=\"%g\" y=\"26\" font-size=\"15\" font-weight=\"bold\">%s</text>\n", left/2, title)
	for i, p := range panels {
		fmt.Fprintf(&b, "<g transform=\"translate(%g,%g)\">\n", width*float64(i), head)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (p panel) draw(b *strings.Builder) {
	mostX, mostY := 0.0, 0.0
	for _, l := range p.lines {
		for _, q := range l.points {
			mostX, mostY = max(mostX, q.x), max(mostY, q.y)
		}
	}
	x := func(v float64) float64 { return left + (width-left-70)*v/mostX }
	y := func(v float64) float64 { return height - bottom - (height-bottom-20)*v/mostY }
	fmt.Fprintf(b, "<text x=\"%g\" y=\"12\" fill=\"#555\">%s</text>\n", left, p.label)
	for i := range 5 {
		v := mostY * float64(i) / 4
		fmt.Fprintf(b, "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"%g\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.3g</text>\n", left, x(mostX), y(v), y(v), left-6, y(v)+4, v)
	}
	for _, q := range p.lines[0].points {
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\" fill=\"#555\">%g</text>\n", x(q.x), height-bottom+18, q.x)
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\" fill=\"#555\">steps</text>\n", x(mostX/2), height-8)
	for i, l := range p.lines {
		first, last := l.points[0], l.points[len(l.points)-1]
		fmt.Fprintf(b, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-dasharray=\"3 4\" opacity=\"0.6\"/>\n", x(0), y(0), x(last.x), y(first.y*last.x/first.x), colors[i])
		var path []string
		for _, q := range l.points {
			path = append(path, fmt.Sprintf("%.1f,%.1f", x(q.x), y(q.y)))
			fmt.Fprintf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", x(q.x), y(q.y), colors[i])
		}
		fmt.Fprintf(b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", strings.Join(path, " "), colors[i], x(last.x)+8, y(last.y)+4, colors[i], l.name)
	}
}
