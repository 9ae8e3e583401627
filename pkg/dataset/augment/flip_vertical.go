package augment

func init() {
	Registry.Register("flip_vertical", "top and bottom change places", &FlipVertical{}).
		Also("vflip", "vertical_flip")
}

// FlipVertical turns images upside down, as in a mirror. It suits images without an up and down: cells, stars, fields
// seen from above.
type FlipVertical struct {
	anyImage
	Probability float64 `default:"0.5" range:"[0,1]" doc:"share of the images that are flipped"`
}

// Cases are examples of it.
func (*FlipVertical) Cases() []string {
	return []string{"flip_vertical"}
}

// Apply flips the image, or leaves it.
func (f *FlipVertical) Apply(p *Image, r *Random) {
	if !r.happens(f.Probability) {
		return
	}
	for y := range p.Height {
		copy(p.row(p.spare, p.Height-1-y), p.row(p.Values, y))
	}
	p.swap()
}
