// Package augment changes pictures in training, so that the net sees each in many guises: moved, turned, darkened, mixed
// with another. Each kind is one file.
//
// What happens to a picture follows from the seed, the epoch, the number of its row in the training part and the place of
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
	// Fits says what keeps the kind from pictures of a shape: [height, width, channels].
	Fits(shape []int) error
	// Cases are examples, as in a spec; the bare word where that is enough.
	Cases() []string
}

// Changer is a kind that changes one picture.
type Changer interface {
	Augmentation
	Apply(p *Picture, r *Random)
}

// Mixer is a kind that mixes the picture of a row with that of another row of its batch, and by the same shares what is to
// be predicted for both.
type Mixer interface {
	Augmentation
	// Mix changes own, a picture of the given shape in any scale, by other, which stays. It returns the share of own that is
	// left, from 0 to 1.
	Mix(own, other []float32, shape []int, r *Random) (share float32)
}

// Registry holds every kind.
var Registry = registry.New[Augmentation]("augmentation")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// Check notes mixing kinds that do not stand at the end of the list. Entries with mistakes are nil.
func Check(list []Augmentation, path string, p *spec.Problems) {
	mixing := ""
	for i, a := range list {
		switch a.(type) {
		case Mixer:
			mixing = spec.KeyOf(a)
		case Changer:
			if mixing != "" {
				p.Add(fmt.Sprintf("%s[%d]", path, i), "stands behind %s, which mixes finished pictures: put it before that", mixing)
			}
		}
	}
}

// anyPicture is the rule of kinds that take pictures of any size and any number of channels.
type anyPicture struct{}

// Fits wants an area of pixels.
func (anyPicture) Fits(shape []int) error {
	if len(shape) != 3 {
		return fmt.Errorf("wants pictures of shape [height, width, channels], and these are %v", shape)
	}
	return nil
}

// colour is the rule of kinds that work on colours.
type colour struct{}

// Fits wants red, green and blue.
func (colour) Fits(shape []int) error {
	if err := (anyPicture{}).Fits(shape); err != nil {
		return err
	}
	if shape[2] != 3 {
		return fmt.Errorf("works on colours and wants 3 channels, and these pictures have %d", shape[2])
	}
	return nil
}
