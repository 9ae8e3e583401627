package augment

import "math"

func init() {
	Registry.Register("cutmix", "puts a rectangle of another image of the batch into this one, and mixes what is to be predicted", &Cutmix{}).
		Also("cut_mix")
}

// Cutmix replaces a rectangle of an image by that of another row of the batch, and asks for both labels in shares of
// their areas, λ and 1-λ, as mixup does. The rectangle has the sides √(1-λ) of the image's, λ being drawn from
// Beta(alpha, alpha), and lies around a random pixel; what reaches beyond the image is cut off and belongs to it again.
//
// It mixes finished images, so it comes at the end of the list; of several mixing kinds each row draws one. The net must
// have images for its only input.
//
// Source: Yun et al. 2019, "CutMix: Regularization strategy to train strong classifiers", equations 1 and 2.
type Cutmix struct {
	anyImage
	Alpha       float64 `default:"1" range:"(0,100]" doc:"1: rectangles of every area alike; small: nearly none or nearly all"`
	Probability float64 `default:"1" range:"[0,1]" doc:"share of the rows that are mixed"`
}

// Cases are examples of it.
func (*Cutmix) Cases() []string {
	return []string{"cutmix", "{type: cutmix, alpha: 0.1}"}
}

// Mix puts a rectangle of other into own.
func (c *Cutmix) Mix(own, other []float32, shape []int, r *Random) (share float32) {
	if !r.happens(c.Probability) {
		return 1
	}
	height, width, channels := shape[0], shape[1], shape[2]
	side := math.Sqrt(1 - r.beta(c.Alpha))
	h, w := int(side*float64(height)), int(side*float64(width))
	y, x := r.Below(height), r.Below(width)
	top, bottom := max(y-h/2, 0), min(y-h/2+h, height)
	left, right := max(x-w/2, 0), min(x-w/2+w, width)
	for y := top; y < bottom; y++ {
		from, to := (y*width+left)*channels, (y*width+right)*channels
		copy(own[from:to], other[from:to])
	}
	covered := max(0, bottom-top) * max(0, right-left)
	return float32(height*width-covered) / float32(height*width)
}
