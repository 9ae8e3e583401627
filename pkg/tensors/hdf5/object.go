package hdf5

import (
	"encoding/binary"
	"fmt"
)

// Messages of an object header.
const (
	msgDataspace    = 0x01
	msgLinkInfo     = 0x02
	msgType         = 0x03
	msgLink         = 0x06
	msgLayout       = 0x08
	msgFilters      = 0x0B
	msgContinuation = 0x10
	msgSymbolTable  = 0x11
)

// message is one of an object header.
type message struct {
	kind   int
	shared bool // it lies elsewhere
	data   []byte
}

// object reads the object at an address: a group with all that is in it, or a dataset.
func (f *File) object(name string, at uint64, depth int) error {
	if depth > deepest || f.groups[at] {
		return errDamaged
	}
	messages, err := f.messages(at)
	if err != nil {
		return err
	}
	f.groups[at] = true
	isDataset := false
	for _, m := range messages {
		switch m.kind {
		case msgSymbolTable:
			err = f.symbolTable(name, m.data, depth)
		case msgLink:
			err = f.link(name, m.data, depth)
		case msgLinkInfo:
			err = linkInfo(name, m.data)
		case msgLayout:
			isDataset = true
		}
		if err != nil {
			return err
		}
	}
	if isDataset {
		delete(f.groups, at) // several links may lead to one dataset
		return f.dataset(name, messages)
	}
	return nil
}

// messages reads an object header.
func (f *File) messages(at uint64) ([]message, error) {
	b, err := f.read(at, 16)
	if err != nil {
		return nil, err
	}
	switch {
	case string(b[:4]) == "OHDR":
		return f.newMessages(at, b)
	case b[0] != 1:
		return nil, errDamaged
	}
	block, err := f.read(at+16, int64(binary.LittleEndian.Uint32(b[8:])))
	var list []message
	for rest := [][]byte{block}; len(rest) > 0 && err == nil; rest = rest[1:] {
		for b := rest[0]; len(b) >= 8; {
			m := message{kind: int(binary.LittleEndian.Uint16(b)), shared: b[4]&2 != 0}
			n := int(binary.LittleEndian.Uint16(b[2:]))
			if 8+n > len(b) {
				return nil, errDamaged
			}
			m.data, b = b[8:8+n], b[8+n:]
			if m.kind == msgContinuation {
				more, err := f.continuation(m.data)
				if err != nil {
					return nil, err
				}
				rest = append(rest, more)
				continue
			}
			list = append(list, m)
		}
	}
	return list, err
}

// newMessages reads an object header of version 2.
func (f *File) newMessages(at uint64, b []byte) ([]message, error) {
	flags, skip := b[5], uint64(6)
	if flags&0x20 != 0 {
		skip += 16 // times
	}
	if flags&0x10 != 0 {
		skip += 4 // limits of attributes
	}
	width := uint64(1) << (flags & 3)
	b, err := f.read(at+skip, int64(width))
	if err != nil {
		return nil, err
	}
	block, err := f.read(at+skip+width, int64(min(number(b), 1<<62)))
	head := 4
	if flags&4 != 0 {
		head = 6 // with the order of creation
	}
	var list []message
	for rest := [][]byte{block}; len(rest) > 0 && err == nil; rest = rest[1:] {
		for b := rest[0]; len(b) >= head; {
			m := message{kind: int(b[0]), shared: b[3]&2 != 0}
			n := int(binary.LittleEndian.Uint16(b[1:]))
			if head+n > len(b) {
				return nil, errDamaged
			}
			m.data, b = b[head:head+n], b[head+n:]
			if m.kind == msgContinuation {
				more, err := f.continuation(m.data)
				if err != nil {
					return nil, err
				}
				if len(more) < 8 || string(more[:4]) != "OCHK" {
					return nil, errDamaged
				}
				rest = append(rest, more[4:len(more)-4]) // a checksum ends it
				continue
			}
			list = append(list, m)
		}
	}
	return list, err
}

// continuation reads a further block of messages.
func (f *File) continuation(b []byte) ([]byte, error) {
	if len(b) < 16 {
		return nil, errDamaged
	}
	return f.read(binary.LittleEndian.Uint64(b), int64(min(binary.LittleEndian.Uint64(b[8:]), 1<<62)))
}

// number is a whole number of 1, 2, 4 or 8 bytes.
func number(b []byte) (n uint64) {
	for i := len(b) - 1; i >= 0; i-- {
		n = n<<8 | uint64(b[i])
	}
	return n
}

// linkInfo refuses groups whose links lie in a heap of their own.
func linkInfo(name string, b []byte) error {
	at := 2
	if len(b) > 1 && b[1]&1 != 0 {
		at += 8
	}
	if len(b) < at+8 {
		return errDamaged
	}
	if binary.LittleEndian.Uint64(b[at:]) != undefined {
		return fmt.Errorf("keeps the links of the group /%s in a fractal heap, which is not read; write it with h5py.File(…, libver=\"earliest\")", name)
	}
	return nil
}
