package dataset

import (
	"fmt"
	"slices"

	"dnn/pkg/dataset/augment"
	"dnn/pkg/dataset/column"
	"dnn/pkg/spec"
)

// augmenter fills batches of training with images changed as `augment:` says.
type augmenter struct {
	raw      *Part // the training split with its images as they are, 0 to 255
	pictures []int // the inputs that hold them
	changers []changer
	mixers   []mixer
	places   int // entries of the list
}

// A changer and a mixer know their place in the list, from which their random numbers follow.
type (
	changer struct {
		augment.Changer
		place int
	}
	mixer struct {
		augment.Mixer
		place int
	}
)

// Mixes reports whether training mixes rows, so that a batch carries second targets and shares.
func (s *Settings) Mixes() bool {
	return slices.ContainsFunc(s.Augment, func(a augment.Augmentation) bool { _, ok := a.(augment.Mixer); return ok })
}

// augmenter holds the list against the inputs. It notes mistakes and returns nil when there are some, or nothing to do.
func (l *fitter) augmenter(s *Schema) *augmenter {
	list, path := l.settings.Augment, root+".augment"
	if len(list) == 0 || len(l.unresolved) > 0 || l.p.Under(path) {
		return nil
	}
	a := &augmenter{places: len(list)}
	for i := range s.Inputs {
		if _, ok := s.Inputs[i].Encoder.(column.ImageEncoding); ok {
			a.pictures = append(a.pictures, i)
		}
	}
	if len(a.pictures) == 0 {
		l.p.Add(path, "there are no images to change: no input is of type: image")
		return nil
	}
	for i, one := range list {
		at := fmt.Sprintf("%s[%d]", path, i)
		for _, k := range a.pictures {
			if err := one.Fits(s.Inputs[k].Shape); err != nil {
				l.p.Add(at, "%s %v", spec.KeyOf(one), err)
				break
			}
		}
		switch one := one.(type) {
		case augment.Changer:
			a.changers = append(a.changers, changer{one, i})
		case augment.Mixer:
			if s.Heads.StepsOf() != "" {
				l.p.Add(at, "%s mixes rows with one label each, but the target has one for each step", spec.KeyOf[augment.Augmentation](one))
			} else if len(s.Inputs) > 1 {
				l.p.Add(at, "%s mixes rows of one image each, but the net has %d inputs", spec.KeyOf[augment.Augmentation](one), len(s.Inputs))
			}
			a.mixers = append(a.mixers, mixer{one, i})
		}
	}
	if l.p.Under(path) {
		return nil
	}
	return a
}

// take gives a the training split. Its own copy has the same rows with images that are not normalized.
func (a *augmenter) take(p *Part) {
	raw := *p.Of
	raw.Inputs = slices.Clone(raw.Inputs)
	for _, k := range a.pictures {
		raw.Inputs[k].Encoder = raw.Inputs[k].Encoder.(column.ImageEncoding).Raw()
	}
	a.raw = &Part{Of: &raw, Cells: p.Cells, Stored: p.Stored}
	p.augment = a
}

// fill gathers rows into a batch, each image changed by what seed, epoch and row give. Only what is mixed depends on the
// rows beside.
func (a *augmenter) fill(p *Part, b *Batch, rows []int, seed, epoch uint64) error {
	a.prepare(p, b)
	if err := a.raw.Fill(b, rows); err != nil {
		return err
	}
	for n, k := range a.pictures {
		in, picture := &p.Of.Inputs[k], b.room.pictures[n]
		e, size := in.Encoder.(column.ImageEncoding), len(picture.Values)
		for i, row := range rows {
			values := b.Floats[in.Block][i*size : (i+1)*size]
			copy(picture.Values, values)
			for _, c := range a.changers {
				b.room.random = augment.NewRandom(seed, epoch, row, c.place)
				c.Apply(picture, &b.room.random)
			}
			e.Normalize(values, picture.Values)
		}
	}
	if len(a.mixers) > 0 {
		a.mix(p, b, rows, seed, epoch)
	}
	return nil
}

// Augmented reports whether FillTraining changes the rows of the split.
func (p *Part) Augmented() bool { return p.augment != nil }
