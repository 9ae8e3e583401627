// Package chart draws lines side by side into an SVG, for the pages in docs/.
package chart

import (
	"fmt"
	"strings"
)

type (
	// Point is a place in a panel, from (0, 0) on.
	Point struct{ X, Y float64 }
	// Line is drawn through its points. Lines of one name have one colour.
	Line struct {
		Name   string
		Points []Point
	}
	// Panel has axes of its own. Proportional panels show by dashes where each line would be in proportion to its first
	// point, mark their points, and have names at the lines' ends; others list them below. A level, if there is one, is
	// drawn across. Top, if there is one, is where the axis ends, and lines are cut.
	Panel struct {
		Title, Across string // what the axes show, upward and to the right
		Ticks         []float64
		TickNames     []string // in place of their numbers; nil for these
		Lines         []Line
		Proportional  bool
		Level, Top    float64
		LevelName     string
	}
)

const (
	width, height = 420.0, 300.0
	left, bottom  = 60.0, 44.0
	head          = 46.0
)

var colors = []string{"#1f6fb2", "#c4532d", "#3b8f4d"}

// Draw puts panels side by side.
func Draw(title string, panels ...Panel) string {
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

func (p Panel) draw(b *strings.Builder) {
	mostX, mostY := 0.0, p.Level
	for _, l := range p.Lines {
		for _, q := range l.Points {
			mostX, mostY = max(mostX, q.X), max(mostY, q.Y)
		}
	}
	if p.Top > 0 {
		mostY = p.Top
	}
	x := func(v float64) float64 { return left + (width-left-70)*v/mostX }
	y := func(v float64) float64 { return height - bottom - (height-bottom-20)*min(v, mostY)/mostY }
	fmt.Fprintf(b, "<text x=\"%g\" y=\"12\" fill=\"#555\">%s</text>\n", left, p.Title)
	for i := range 5 {
		v := mostY * float64(i) / 4
		fmt.Fprintf(b, "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"%g\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.3g</text>\n", left, x(mostX), y(v), y(v), left-6, y(v)+4, v)
	}
	for i, v := range p.Ticks {
		name := fmt.Sprint(v)
		if p.TickNames != nil {
			name = p.TickNames[i]
		}
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\" fill=\"#555\">%s</text>\n", x(v), height-bottom+18, name)
	}
	at, anchor := mostX/2, "middle"
	if !p.Proportional { // the names stand on the left
		at, anchor = mostX, "end"
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%g\" text-anchor=\"%s\" fill=\"#555\">%s</text>\n", x(at), height-8, anchor, p.Across)
	if p.Level > 0 {
		fmt.Fprintf(b, "<line x1=\"%g\" x2=\"%g\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#555\" stroke-dasharray=\"6 4\"/>\n<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%s</text>\n", left, x(mostX), y(p.Level), y(p.Level), x(mostX), y(p.Level)+16, p.LevelName)
	}
	hues := map[string]string{}
	for _, l := range p.Lines {
		if hues[l.Name] == "" {
			hues[l.Name] = colors[len(hues)%len(colors)]
			if !p.Proportional {
				fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%g\" font-weight=\"bold\" fill=\"%s\">%s</text>\n", left+50*float64(len(hues)-1), height-8, hues[l.Name], l.Name)
			}
		}
		p.drawLine(b, l, hues[l.Name], x, y)
	}
}

func (p Panel) drawLine(b *strings.Builder, l Line, color string, x, y func(float64) float64) {
	first, last := l.Points[0], l.Points[len(l.Points)-1]
	if p.Proportional {
		fmt.Fprintf(b, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-dasharray=\"3 4\" opacity=\"0.6\"/>\n", x(0), y(0), x(last.X), y(first.Y*last.X/first.X), color)
	}
	var path []string
	for _, q := range l.Points {
		path = append(path, fmt.Sprintf("%.1f,%.1f", x(q.X), y(q.Y)))
		if p.Proportional {
			fmt.Fprintf(b, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>\n", x(q.X), y(q.Y), color)
		}
	}
	fmt.Fprintf(b, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" stroke-linejoin=\"round\"/>\n", strings.Join(path, " "), color)
	if p.Proportional {
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", x(last.X)+8, y(last.Y)+4, color, l.Name)
	}
}
