package survey

import (
	"encoding/binary"
	"hash/maphash"
	"math"

	"dnn/pkg/dataset"
)

// each calls f with digests of the inputs and of the labels of every row of a split, as a net gets them.
func each(s *dataset.Schema, p *dataset.Part, f func(row int, inputs, labels uint64)) {
	const most = 64
	b := s.NewBatch(most)
	var h maphash.Hash
	h.SetSeed(seed)
	for from := 0; from < p.Rows(); {
		n, err := p.FillFrom(b, from, most)
		if err != nil || n == 0 { // an image that has vanished
			return
		}
		for i := range n {
			h.Reset()
			for k := range s.Blocks {
				lo, hi := i*b.RowSize(k), (i+1)*b.RowSize(k)
				if s.Blocks[k].Sequence { // without the padding
					hi = lo + int(b.Lengths[k][i])*(b.RowSize(k)/max(1, b.Steps[k]))
				}
				writeFloats(&h, b.Floats[k], lo, hi)
				writeInts(&h, b.Ints[k], lo, hi)
				binary.Write(&h, binary.LittleEndian, int64(hi-lo))
			}
			inputs := h.Sum64()
			h.Reset()
			for k := range s.Heads {
				lo, hi := b.LabelsOf(k, i)
				writeInts(&h, b.Heads[k].Ints, lo, hi)
				writeFloats(&h, b.Heads[k].Floats, lo*s.Heads[k].Width, hi*s.Heads[k].Width)
			}
			f(from+i, inputs, h.Sum64())
		}
		from += n
	}
}

var seed = maphash.MakeSeed()

func writeFloats(h *maphash.Hash, of []float32, lo, hi int) {
	if of == nil {
		return
	}
	var word [4]byte
	for _, x := range of[lo:hi] {
		binary.LittleEndian.PutUint32(word[:], math.Float32bits(x))
		h.Write(word[:])
	}
}

func writeInts(h *maphash.Hash, of []int32, lo, hi int) {
	if of == nil {
		return
	}
	var word [4]byte
	for _, x := range of[lo:hi] {
		binary.LittleEndian.PutUint32(word[:], uint32(x))
		h.Write(word[:])
	}
}
