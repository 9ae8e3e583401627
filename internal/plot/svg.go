package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// svg returns the picture as an SVG document.
func (p *picture) svg() []byte {
	var b bytes.Buffer
	w, h := num(p.width), num(p.height)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img"`, w, h, w, h)
	b.WriteString(` font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">` + "\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", escape(p.title), w, h)
	for _, s := range p.shapes {
		s.svg(&b)
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (s polygon) svg(b *bytes.Buffer) {
	b.WriteString(`<path d="`)
	track(b, s.points)
	fmt.Fprintf(b, `z"%s`, paintOf("fill", s.fill))
	if s.tip == "" {
		b.WriteString("/>")
		return
	}
	fmt.Fprintf(b, "><title>%s</title></path>", escape(clean(s.tip)))
}

func (s polyline) svg(b *bytes.Buffer) {
	b.WriteString(`<path d="`)
	track(b, s.points)
	fmt.Fprintf(b, `" fill="none"%s stroke-width="%s" stroke-linejoin="round" stroke-linecap="butt"`, paintOf("stroke", s.stroke), num(s.width))
	if s.dash > 0 {
		fmt.Fprintf(b, ` stroke-dasharray="%s"`, num(s.dash))
	}
	b.WriteString("/>")
}

func (s disc) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"%s`, num(s.center.x), num(s.center.y), num(s.radius), paintOf("fill", s.fill))
	if s.width > 0 {
		fmt.Fprintf(b, `%s stroke-width="%s"`, paintOf("stroke", s.stroke), num(s.width))
	}
	b.WriteString("/>")
}

func (s label) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s"%s`, num(s.at.x), num(s.at.y), num(s.size), paintOf("fill", s.fill))
	if s.bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.align != left {
		fmt.Fprintf(b, ` text-anchor="%s"`, [...]string{"start", "middle", "end"}[s.align])
	}
	if s.angle != 0 {
		fmt.Fprintf(b, ` transform="rotate(%s %s %s)"`, num(s.angle), num(s.at.x), num(s.at.y))
	}
	fmt.Fprintf(b, ">%s</text>", escape(s.text))
}

// track writes a path through the points.
func track(b *bytes.Buffer, points []point) {
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(num(p.x))
		b.WriteByte(' ')
		b.WriteString(num(p.y))
	}
}

// paintOf returns the attributes for a colour.
func paintOf(what string, c color.NRGBA) string {
	s := fmt.Sprintf(` %s="#%02x%02x%02x"`, what, c.R, c.G, c.B)
	if c.A != 255 {
		s += fmt.Sprintf(` %s-opacity="%s"`, what, num(float64(c.A)/255))
	}
	return s
}

// num prints a length to a hundredth.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100+0, 'f', -1, 64)
}

func escape(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic("plot: " + err.Error()) // a buffer takes everything
	}
	return b.String()
}
