package augment

import "math"

// affine says where each pixel of the new image is found in the old one: at x = xx·j + xy·i + x0, y = yx·j + yy·i + y0,
// counted in pixels between centres, for column j and row i.
type affine struct{ xx, xy, x0, yx, yy, y0 float64 }

// about makes the map leave the centre of the image in its place.
func (m affine) about(p *Image) affine {
	cx, cy := float64(p.Width-1)/2, float64(p.Height-1)/2
	m.x0 = math.FMA(-m.xx, cx, math.FMA(-m.xy, cy, cx))
	m.y0 = math.FMA(-m.yx, cx, math.FMA(-m.yy, cy, cy))
	return m
}

// fixed is a number as multiples of 2⁻³²: whole numbers add up the same on every machine.
func fixed(x float64) int64 { return int64(math.RoundToEven(x * (1 << 32))) }

// warp makes the image anew from what lies at the places of the map, between four pixels by straight lines (bilinear).
func (p *Image) warp(m affine, fill *Fill) {
	xx, xy, x0 := fixed(m.xx), fixed(m.xy), fixed(m.x0)
	yx, yy, y0 := fixed(m.yx), fixed(m.yy), fixed(m.y0)
	c := p.Channels
	stride := p.Width * c
	at := 0
	for i := range int64(p.Height) {
		x, y := x0+xy*i, y0+yy*i
		for range p.Width {
			left, top := int(x>>32), int(y>>32)
			wx, wy := float32(uint32(x)>>8)/(1<<24), float32(uint32(y)>>8)/(1<<24)
			out := p.spare[at : at+c]
			if left >= 0 && top >= 0 && left < p.Width-1 && top < p.Height-1 {
				upper := p.Values[top*stride+left*c:]
				lower := upper[stride:]
				for k := range out {
					out[k] = between(between(upper[k], upper[c+k], wx), between(lower[k], lower[c+k], wx), wy)
				}
			} else {
				p.border(out, left, top, wx, wy, fill)
			}
			at += c
			x, y = x+xx, y+yx
		}
	}
	p.swap()
}

// between is the value at share w of the way from a to b.
func between(a, b, w float32) float32 { return a + float32((b-a)*w) }

// border writes a pixel between four of which some may lie outside.
func (p *Image) border(out []float32, left, top int, wx, wy float32, fill *Fill) {
	x0, x1 := fill.inside(left, p.Width), fill.inside(left+1, p.Width)
	y0, y1 := fill.inside(top, p.Height), fill.inside(top+1, p.Height)
	for k := range out {
		upper := between(p.at(y0, x0, k, fill), p.at(y0, x1, k, fill), wx)
		lower := between(p.at(y1, x0, k, fill), p.at(y1, x1, k, fill), wx)
		out[k] = between(upper, lower, wy)
	}
}

// at returns a value of the image, or the fill's where a place is -1.
func (p *Image) at(y, x, k int, fill *Fill) float32 {
	if x < 0 || y < 0 {
		return float32(fill.Value)
	}
	return p.Values[(y*p.Width+x)*p.Channels+k]
}

// move shifts the image by whole pixels, right and down where they are positive; no value changes.
func (p *Image) move(dx, dy int, fill *Fill) {
	if dx == 0 && dy == 0 {
		return
	}
	c := p.Channels
	lo, hi := min(max(dx, 0), p.Width), max(min(p.Width, p.Width+dx), 0) // columns that the image still covers
	for y := range p.Height {
		to, from := p.row(p.spare, y), fill.inside(y-dy, p.Height)
		if from < 0 {
			for i := range to {
				to[i] = float32(fill.Value)
			}
			continue
		}
		old := p.row(p.Values, from)
		if lo < hi {
			copy(to[lo*c:hi*c], old[(lo-dx)*c:])
		}
		for x := range p.Width {
			if x >= lo && x < hi {
				continue
			}
			for k := range c {
				to[x*c+k] = p.at(from, fill.inside(x-dx, p.Width), k, fill)
			}
		}
	}
	p.swap()
}
