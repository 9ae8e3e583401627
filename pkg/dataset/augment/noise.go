package augment

func init() {
	Registry.Register("noise", "adds normal noise to every value", &Noise{}).Also("gaussian_noise")
}

// Noise adds a number of normal distribution, with mean 0, to each value by itself, and clips to 0…255.
type Noise struct {
	anyImage
	Deviation   float64 `default:"8" range:"(0,255]" doc:"standard deviation, in the unit of pixels (0 to 255)"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the images that get noise"`
}

// Cases are examples of it.
func (*Noise) Cases() []string {
	return []string{"noise", "{type: noise, deviation: 255}"}
}

// Apply changes the image.
func (n *Noise) Apply(p *Image, r *Random) {
	if !r.happens(n.Probability) {
		return
	}
	for i, v := range p.Values {
		p.Values[i] = clip(v + float32(n.Deviation*r.normal()))
	}
}
