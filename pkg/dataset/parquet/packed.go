package parquet

import (
	"encoding/binary"
	"math/bits"
)

// hybrid reads small whole numbers that are written as runs of one number and as groups of eight, width bits each.
type hybrid struct {
	b      []byte
	width  uint
	run    uint64 // how often the number comes yet
	number uint64
	packed uint64 // how many numbers the groups have yet
	at     uint   // the bit of the first byte at which the next begins
}

// levels reads levels up to the highest.
func levels(b []byte, highest int) hybrid { return hybrid{b: b, width: uint(bits.Len(uint(highest)))} }

// widest is the most bits of a number.
const widest = 32

func (h *hybrid) next() (n uint64, ok bool) {
	for h.run == 0 && h.packed == 0 {
		if !h.begin() {
			return 0, false
		}
	}
	if h.run > 0 {
		h.run--
		return h.number, true
	}
	if n, ok = bitsOf(h.b, h.at, h.width); !ok {
		return 0, false
	}
	h.packed--
	h.at += h.width
	h.b, h.at = h.b[h.at/8:], h.at%8
	return n, true
}

// begin reads the head of a run or of groups. Groups end with whole bytes.
func (h *hybrid) begin() bool {
	head, size := binary.Uvarint(h.b)
	if size <= 0 || h.width > widest {
		return false
	}
	h.b = h.b[size:]
	if head&1 == 1 {
		h.packed = head >> 1 << 3
		return true
	}
	n := int(h.width+7) / 8
	if len(h.b) < n {
		return false
	}
	h.run, h.number = head>>1, 0
	for i, b := range h.b[:n] {
		h.number |= uint64(b) << (8 * i)
	}
	h.b = h.b[n:]
	return true
}

// bitsOf reads a number of up to 64 bits at a bit of the bytes, its lowest bit first.
func bitsOf(b []byte, at, width uint) (n uint64, ok bool) {
	if uint(len(b)) < (at+width+7)/8 {
		return 0, false
	}
	for done := uint(0); done < width; {
		take := min(8-(at+done)%8, width-done)
		part := uint64(b[(at+done)/8]) >> ((at + done) % 8) & (1<<take - 1)
		n |= part << done
		done += take
	}
	return n, true
}

// deltas decodes whole numbers that are written as differences (DELTA_BINARY_PACKED), at most so many, and returns what follows.
func deltas(b []byte, most int) (numbers []int64, rest []byte, err error) {
	r := &varints{b: b}
	block, minis, total, last := r.plain(), r.plain(), r.plain(), r.signed()
	if r.bad || minis == 0 || block > 1<<20 || block%minis != 0 || block/minis%8 != 0 || total > uint64(most) {
		return nil, nil, errEarly
	}
	if total == 0 {
		return []int64{}, r.b, nil
	}
	numbers = append(numbers, last)
	for uint64(len(numbers)) < total {
		least := r.signed()
		if r.bad || uint64(len(r.b)) < minis {
			return nil, nil, errEarly
		}
		widths := r.b[:minis]
		r.b = r.b[minis:]
		for _, width := range widths {
			n := min(block/minis, total-uint64(len(numbers)))
			if n == 0 {
				break // those that are not needed have a width, and no bytes
			}
			size := uint64(width) * (block / minis) / 8
			if width > 64 || size > uint64(len(r.b)) {
				return nil, nil, errEarly
			}
			for i := range n {
				at := uint(i) * uint(width)
				more, _ := bitsOf(r.b[at/8:size], at%8, uint(width))
				last += least + int64(more)
				numbers = append(numbers, last)
			}
			r.b = r.b[size:]
		}
	}
	return numbers, r.b, nil
}

// varints reads numbers of variable length; bad says that one could not be read.
type varints struct {
	b   []byte
	bad bool
}

func (r *varints) plain() uint64 {
	n, size := binary.Uvarint(r.b)
	r.skip(size)
	return n
}

func (r *varints) signed() int64 {
	n, size := binary.Varint(r.b)
	r.skip(size)
	return n
}

func (r *varints) skip(size int) {
	if size <= 0 {
		r.bad = true
		return
	}
	r.b = r.b[size:]
}
