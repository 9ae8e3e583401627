package augment

func init() {
	Registry.Register("flip_horizontal", "left and right change places", &FlipHorizontal{}).
		Also("hflip", "horizontal_flip", "mirror", "flip")
}

// FlipHorizontal mirrors images, left to right. It suits photographs; letters and digits it makes others.
//
// Source: Krizhevsky et al. 2012, section 4.1.
type FlipHorizontal struct {
	anyImage
	Probability float64 `default:"0.5" range:"[0,1]" doc:"share of the images that are flipped"`
}

// Cases are examples of it.
func (*FlipHorizontal) Cases() []string {
	return []string{"flip_horizontal", "{type: flip_horizontal, probability: 0.9}"}
}

// Apply flips the image, or leaves it.
func (f *FlipHorizontal) Apply(p *Image, r *Random) {
	if !r.happens(f.Probability) {
		return
	}
	c := p.Channels
	for y := range p.Height {
		row := p.row(p.Values, y)
		for a, b := 0, len(row)-c; a < b; a, b = a+c, b-c {
			for k := range c {
				row[a+k], row[b+k] = row[b+k], row[a+k]
			}
		}
	}
}
