package dataset

import (
	"dnn/pkg/dataset/image"
	"dnn/pkg/spec"
)

// What tests look at within.

// BucketCount is in how many lengths batches come at most.
const BucketCount = mostLengths

// RelativeToHere is relativeToHere.
var RelativeToHere = relativeToHere

// Loader is a loader.
type Loader = loader

// NewLoader is newLoader.
func NewLoader(s *Settings, dir string, seed uint64, p *spec.Problems) *Loader {
	return newLoader(s, dir, seed, p)
}

// Summarize tells the mistakes that were counted.
func (l *loader) Summarize() { l.mistakes.summarize(l.p) }

// Pair is augmenter.pair.
func (p *Part) Pair(partners, rows []int, seed, epoch uint64) {
	p.augment.pair(partners, rows, seed, epoch)
}

// Pixels are the images of an input.
func (p *Part) Pixels(input int) *image.Pixels { return p.Cells.pixels[input] }

// Weigh is Batch.weigh.
func (b *Batch) Weigh(i int, own, other float32) { b.weigh(i, own, other) }

// Assemble is Schema.assemble.
func (s *Schema) Assemble() { s.assemble() }
