package hdf5

import (
	"encoding/binary"
	"fmt"
)

// child reads what a link of a group leads to.
func (f *File) child(group, link string, at uint64, depth int) error {
	if group != "" {
		link = group + "/" + link
	}
	if len(link) > longest {
		return errDamaged
	}
	return f.object(link, at, depth+1)
}

// link reads a link in a group's header.
func (f *File) link(group string, b []byte, depth int) error {
	if len(b) < 2 || b[0] != 1 {
		return errDamaged
	}
	flags, at, kind := b[1], 2, byte(0)
	if flags&8 != 0 {
		if at >= len(b) {
			return errDamaged
		}
		kind = b[at]
		at++
	}
	if flags&4 != 0 {
		at += 8 // order of creation
	}
	if flags&16 != 0 {
		at++ // character set
	}
	width := 1 << (flags & 3)
	if at+width > len(b) {
		return errDamaged
	}
	n := number(b[at : at+width])
	at += width
	if n > longest || at+int(n)+8 > len(b) {
		return errDamaged
	}
	text := string(b[at : at+int(n)])
	if kind != 0 { // to a name, in this file or in another
		return fmt.Errorf("has a soft or external link /%s/%s, which is not followed", group, text)
	}
	return f.child(group, text, binary.LittleEndian.Uint64(b[at+int(n):]), depth)
}

// symbolTable reads what is in a group of the older kind: a tree of nodes with links, and their names in a heap.
func (f *File) symbolTable(group string, b []byte, depth int) error {
	if len(b) < 16 {
		return errDamaged
	}
	head, err := f.read(binary.LittleEndian.Uint64(b[8:]), 32)
	if err != nil {
		return err
	}
	if string(head[:4]) != "HEAP" {
		return errDamaged
	}
	heap, err := f.read(binary.LittleEndian.Uint64(head[24:]), int64(min(binary.LittleEndian.Uint64(head[8:]), 1<<62)))
	if err != nil {
		return err
	}
	return f.tree(group, binary.LittleEndian.Uint64(b), heap, -1, depth)
}

// tree reads a node of a B-tree. A node lies one level below its parent (level -1: it is the first), so no path is a circle.
func (f *File) tree(group string, at uint64, heap []byte, level, depth int) error {
	b, err := f.read(at, 24)
	if err != nil {
		return err
	}
	if string(b[:4]) != "TREE" || b[4] != 0 || level >= 0 && int(b[5]) != level {
		return errDamaged
	}
	children, err := f.read(at+24, 16*int64(binary.LittleEndian.Uint16(b[6:])))
	if err != nil {
		return err
	}
	for ; len(children) > 0 && err == nil; children = children[16:] {
		if to := binary.LittleEndian.Uint64(children[8:]); b[5] > 0 {
			err = f.tree(group, to, heap, int(b[5])-1, depth)
		} else {
			err = f.symbols(group, to, heap, depth)
		}
	}
	return err
}

// symbols reads the links of a leaf.
func (f *File) symbols(group string, at uint64, heap []byte, depth int) error {
	b, err := f.read(at, 8)
	if err != nil {
		return err
	}
	if string(b[:4]) != "SNOD" {
		return errDamaged
	}
	entries, err := f.read(at+8, 40*int64(binary.LittleEndian.Uint16(b[6:])))
	if err != nil {
		return err
	}
	for ; len(entries) > 0; entries = entries[40:] {
		text, err := name(heap, binary.LittleEndian.Uint64(entries))
		if err != nil {
			return err
		}
		if binary.LittleEndian.Uint32(entries[16:]) == 2 {
			return fmt.Errorf("has a soft link /%s/%s, which is not followed", group, text)
		}
		if err := f.child(group, text, binary.LittleEndian.Uint64(entries[8:]), depth); err != nil {
			return err
		}
	}
	return nil
}
