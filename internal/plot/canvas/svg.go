package canvas

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"math"
	"strconv"
)

// SVG returns the image as an SVG document.
func (p *Drawing) SVG() []byte {
	var b bytes.Buffer
	w, h := num(p.Width), num(p.Height)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img"`, w, h, w, h)
	b.WriteString(` font-family="Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif">` + "\n")
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", escape(p.Title), w, h)
	for _, s := range p.Shapes {
		s.svg(&b)
		b.WriteByte('\n')
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (s Polygon) svg(b *bytes.Buffer) {
	b.WriteString(`<path d="`)
	track(b, s.Points)
	fmt.Fprintf(b, `z"%s`, paintOf("fill", s.Fill))
	if s.Tip == "" {
		b.WriteString("/>")
		return
	}
	fmt.Fprintf(b, "><title>%s</title></path>", escape(Clean(s.Tip)))
}

func (s Polyline) svg(b *bytes.Buffer) {
	b.WriteString(`<path d="`)
	track(b, s.Points)
	fmt.Fprintf(b, `" fill="none"%s stroke-width="%s" stroke-linejoin="round" stroke-linecap="butt"`, paintOf("stroke", s.Stroke), num(s.Width))
	if s.Dash > 0 {
		fmt.Fprintf(b, ` stroke-dasharray="%s"`, num(s.Dash))
	}
	b.WriteString("/>")
}

func (s Disc) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"%s`, num(s.Center.X), num(s.Center.Y), num(s.Radius), paintOf("fill", s.Fill))
	if s.Width > 0 {
		fmt.Fprintf(b, `%s stroke-width="%s"`, paintOf("stroke", s.Stroke), num(s.Width))
	}
	b.WriteString("/>")
}

func (s Label) svg(b *bytes.Buffer) {
	fmt.Fprintf(b, `<text x="%s" y="%s" font-size="%s"%s`, num(s.At.X), num(s.At.Y), num(s.Size), paintOf("fill", s.Fill))
	if s.Bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.Align != Left {
		fmt.Fprintf(b, ` text-anchor="%s"`, [...]string{"start", "middle", "end"}[s.Align])
	}
	if s.Angle != 0 {
		fmt.Fprintf(b, ` transform="rotate(%s %s %s)"`, num(s.Angle), num(s.At.X), num(s.At.Y))
	}
	fmt.Fprintf(b, ">%s</text>", escape(s.Text))
}

// track writes a path through the points.
func track(b *bytes.Buffer, points []Point) {
	for i, p := range points {
		b.WriteByte("ML"[min(i, 1)])
		b.WriteString(num(p.X))
		b.WriteByte(' ')
		b.WriteString(num(p.Y))
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
