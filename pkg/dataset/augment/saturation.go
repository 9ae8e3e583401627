package augment

func init() {
	Registry.Register("saturation", "makes colours paler or stronger", &Saturation{})
}

// Saturation moves each pixel from or towards the grey g of its lightness, by a factor f drawn evenly from 1-max to 1+max:
//
//	g = 0.299·red + 0.587·green + 0.114·blue,   y = g + f·(x - g), clipped to 0…255
//
// It expects images of 3 channels.
//
// Source: torchvision, ColorJitter.
type Saturation struct {
	colour
	Max         float64 `default:"0.2" range:"(0,1]" doc:"the largest change of the factor; with 1 some images are grey"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that are changed"`
}

// Cases are examples of it.
func (*Saturation) Cases() []string {
	return []string{"saturation", "{type: saturation, max: 1}"}
}

// Apply changes the image.
func (s *Saturation) Apply(p *Image, r *Random) {
	if !r.happens(s.Probability) {
		return
	}
	f := float32(r.between(1-s.Max, 1+s.Max))
	for i := 0; i+2 < len(p.Values); i += 3 {
		v := p.Values[i : i+3]
		g := float32(0.299*v[0]) + float32(0.587*v[1]) + float32(0.114*v[2])
		for k, x := range v {
			v[k] = clip(g + float32(f*(x-g)))
		}
	}
}
