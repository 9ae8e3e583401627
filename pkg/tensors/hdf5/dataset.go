package hdf5

import (
	"encoding/binary"
	"fmt"
	"math"
)

// dataset adds the dataset that messages describe. Those that hold no numbers, such as texts, are left out.
func (f *File) dataset(name string, messages []message) error {
	d := Dataset{Name: name}
	sized, typed := false, false
	var layout []byte
	for _, m := range messages {
		if m.shared && (m.kind == msgDataspace || m.kind == msgType) {
			return fmt.Errorf("%s: shares its type with others (a committed datatype), which is not read", name)
		}
		var err error
		switch m.kind {
		case msgDataspace:
			sized = true
			d.Shape, err = dataspace(m.data)
		case msgType:
			if d.Type, err = numberType(m.data); err == nil && d.Type.Kind == 0 {
				return nil
			}
			typed = true
		case msgLayout:
			layout = m.data
		case msgFilters:
			err = fmt.Errorf("is compressed or filtered, which is not read; write it without compression")
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if !sized || !typed {
		return fmt.Errorf("%s: %w", name, errDamaged)
	}
	d.bytes = int64(d.Type.Size)
	for _, n := range d.Shape {
		d.bytes *= int64(n) // below 2^63, as dataspace checks
	}
	if err := d.place(layout); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	f.Datasets = append(f.Datasets, d)
	return nil
}

// dataspace reads a shape.
func dataspace(b []byte) ([]int, error) {
	if len(b) < 4 || b[0] != 1 && b[0] != 2 {
		return nil, errDamaged
	}
	rank, at := int(b[1]), 4
	if b[0] == 1 {
		at = 8
	} else if b[3] == 2 {
		return []int{0}, nil // holds nothing
	}
	if rank > most || len(b) < at+8*rank {
		return nil, errDamaged
	}
	shape, total := []int{}, uint64(1)
	for i := range rank {
		n := binary.LittleEndian.Uint64(b[at+8*i:])
		if n > math.MaxInt32 || n > 0 && total > math.MaxInt64/16/n {
			return nil, fmt.Errorf("has a shape that is too large")
		}
		total *= max(1, n)
		shape = append(shape, int(n))
	}
	return shape, nil
}

// numberType reads a type. That of values that are no numbers has no kind.
func numberType(b []byte) (Type, error) {
	if len(b) < 8 {
		return Type{}, errDamaged
	}
	t := Type{Size: int(binary.LittleEndian.Uint32(b[4:])), Big: b[1]&1 != 0}
	switch b[0] & 15 {
	case 0:
		if t.Kind = 'u'; b[1]&8 != 0 {
			t.Kind = 'i'
		}
		if t.Size != 1 && t.Size != 2 && t.Size != 4 && t.Size != 8 {
			return t, fmt.Errorf("holds whole numbers of %d bytes, which are not read", t.Size)
		}
	case 1:
		exponent := map[int]byte{2: 5, 4: 8, 8: 11}[t.Size] // bits
		if len(b) < 20 || exponent == 0 || b[13] != exponent || b[1]&0x40 != 0 {
			return t, fmt.Errorf("holds floating-point numbers of an unusual form; write float32")
		}
		t.Kind = 'f'
	}
	return t, nil
}

// place finds where the data is.
func (d *Dataset) place(b []byte) error {
	if len(b) < 2 {
		return errDamaged
	}
	if b[0] != 3 && b[0] != 4 {
		return fmt.Errorf("has a data layout of version %d, and only versions 3 and 4 are read", b[0])
	}
	switch b[1] {
	case 0:
		if len(b) < 4 || len(b) < 4+int(binary.LittleEndian.Uint16(b[2:])) || int64(binary.LittleEndian.Uint16(b[2:])) != d.bytes {
			return errDamaged
		}
		d.compact = b[4 : 4+d.bytes]
	case 1:
		if len(b) < 18 {
			return errDamaged
		}
		d.at = binary.LittleEndian.Uint64(b[2:])
		if has := binary.LittleEndian.Uint64(b[10:]); d.bytes > 0 && (d.at == undefined || has != uint64(d.bytes)) {
			return fmt.Errorf("has a shape of %v, which takes %d bytes, and its data has not as many", d.Shape, d.bytes)
		}
	case 2:
		return fmt.Errorf("is chunked, which is not read; write it in one piece (chunks=None)")
	default:
		return fmt.Errorf("is virtual, which is not read")
	}
	return nil
}
