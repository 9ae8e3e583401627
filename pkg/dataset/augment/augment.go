// Package augment changes images in training, so that the net sees each in many guises: moved, turned, darkened, mixed
// with another. Each kind is one file.
//
// What happens to an image follows from the seed, the epoch, the number of its row in the training split and the place of
// the augmentation in the list; threads, the size of a batch and where a training was resumed change nothing. All
// arithmetic is rounded in the same places on every machine.
package augment

import (
	"fmt"

	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Augmentation is the settings of one kind: a pointer to a struct with spec tags, which is a Changer or a Mixer.
type Augmentation interface {
	// Fits says what keeps the kind from images of a shape: [height, width, channels].
	Fits(shape []int) error
	// Cases are examples, as in a spec; the bare word where that is enough.
	Cases() []string
}

// Changer is a kind that changes one image.
type Changer interface {
	Augmentation
	Apply(p *Image, r *Random)
}

// Mixer is a kind that mixes the image of a row with that of another row of its batch, and by the same shares what is to
// be predicted for both.
type Mixer interface {
	Augmentation
	// Mix changes own, an image of the given shape in any scale, by other, which stays. It returns the share of own that is
	// left, from 0 to 1.
	Mix(own, other []float32, shape []int, r *Random) (share float32)
}

// Registry holds every kind.
var Registry = registry.New[Augmentation]("augmentation")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Check notes mixing kinds that are not at the end of the list. Entries with mistakes are nil.
func Check(list []Augmentation, path string, p *spec.Problems) {
	mixing := ""
	for i, a := range list {
		switch a.(type) {
		case Mixer:
			mixing = spec.KeyOf(a)
		case Changer:
			if mixing != "" {
				p.Add(fmt.Sprintf("%s[%d]", path, i), "stands behind %s, which mixes finished images: put it before that", mixing)
			}
		}
	}
}

// anyImage is the rule of kinds that take images of any size and any number of channels.
type anyImage struct{}

// Fits expects an area of pixels.
func (anyImage) Fits(shape []int) error {
	if len(shape) != 3 {
		return fmt.Errorf("expects images of shape [height, width, channels], got %v", shape)
	}
	return nil
}

// colour is the rule of kinds that work on colours.
type colour struct{}

// Fits expects red, green and blue.
func (colour) Fits(shape []int) error {
	if err := (anyImage{}).Fits(shape); err != nil {
		return err
	}
	if shape[2] != 3 {
		return fmt.Errorf("works on colours and expects 3 channels, got %d", shape[2])
	}
	return nil
}
