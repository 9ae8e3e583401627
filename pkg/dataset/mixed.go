package dataset

import "dnn/pkg/dataset/augment"

// room is what filling a batch of training needs besides the batch's own buffers, made once for each batch.
type room struct {
	pictures []*augment.Image // parallel to augmenter.images
	partners []int            // of each row, the row it is mixed with
	random   augment.Random
	before   []float32 // the images before any was mixed
	weight   []float32
}

// prepare allocates buffers, and where rows are mixed the second targets and shares that the caller's batch has none for.
func (a *augmenter) prepare(p *Part, b *Batch) {
	if b.room == nil {
		b.room = &room{}
		for _, k := range a.pictures {
			b.room.pictures = append(b.room.pictures, augment.NewImage(p.Of.Inputs[k].Shape))
		}
	}
	if len(a.mixers) == 0 {
		return
	}
	pictures := b.Floats[p.Of.Inputs[a.pictures[0]].Block]
	rows := len(pictures) / p.Of.Blocks[p.Of.Inputs[a.pictures[0]].Block].Size()
	if b.Share == nil {
		b.Share = make([]float32, rows)
	}
	for k := range b.Heads {
		l := &b.Heads[k]
		if l.SecondInts == nil && l.Ints != nil {
			l.SecondInts = make([]int32, len(l.Ints))
		}
		if l.SecondFloats == nil && l.Floats != nil {
			l.SecondFloats = make([]float32, len(l.Floats))
		}
	}
	if b.room.before == nil {
		b.room.before, b.room.partners = make([]float32, len(pictures)), make([]int, rows)
		b.room.weight = make([]float32, len(b.Weight))
	}
}

// mix mixes each row of a batch with a partner. A permutation that follows from the first row, which no other batch of the
// epoch has, says which.
func (a *augmenter) mix(p *Part, b *Batch, rows []int, seed, epoch uint64) {
	in, n := &p.Of.Inputs[a.pictures[0]], len(rows)
	size := p.Of.Blocks[in.Block].Size()
	pictures, before := b.Floats[in.Block], b.room.before
	copy(before, pictures[:n*size])
	copy(b.room.weight, b.Weight)
	a.pair(b.room.partners[:n], rows, seed, epoch)
	for i, partner := range b.room.partners[:n] {
		m := a.mixers[0]
		if len(a.mixers) > 1 {
			r := augment.NewRandom(seed, epoch, rows[i], a.places+1)
			m = a.mixers[r.Below(len(a.mixers))]
		}
		b.room.random = augment.NewRandom(seed, epoch, rows[i], m.place)
		b.Share[i] = m.Mix(pictures[i*size:(i+1)*size], before[partner*size:(partner+1)*size], in.Shape, &b.room.random)
		for k := range p.Of.Heads {
			l, w := &b.Heads[k], p.Of.Heads[k].Width
			if l.Ints != nil {
				l.SecondInts[i] = l.Ints[partner]
			}
			if l.Floats != nil {
				copy(l.SecondFloats[i*w:(i+1)*w], l.Floats[partner*w:(partner+1)*w])
			}
		}
		if p.Of.Weight != "" && b.Weight != nil {
			b.weigh(i, b.room.weight[i], b.room.weight[partner])
		}
	}
}

// pair draws a permutation of the rows of a batch (Fisher and Yates).
func (a *augmenter) pair(partners, rows []int, seed, epoch uint64) {
	for i := range partners {
		partners[i] = i
	}
	if len(rows) == 0 {
		return
	}
	r := augment.NewRandom(seed, epoch, rows[0], a.places)
	for i := len(partners) - 1; i > 0; i-- {
		j := r.Below(i + 1)
		partners[i], partners[j] = partners[j], partners[i]
	}
}

// weigh gives a mixed row the weight λ·w₁ + (1-λ)·w₂, and w₁ the share in it that it brings, so that a row of weight 0
// takes no part however it is mixed.
func (b *Batch) weigh(i int, own, other float32) {
	first, second := float32(b.Share[i]*own), float32((1-b.Share[i])*other)
	b.Weight[i] = first + second
	if b.Weight[i] > 0 {
		b.Share[i] = first / b.Weight[i]
	}
}
