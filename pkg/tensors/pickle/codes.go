package pickle

import (
	"math"
	"math/bits"
)

// codes says what each code of a pickle does, as far as protocols 0 to 5 have them and weights need them.
//
// Source: https://github.com/python/cpython/blob/main/Lib/pickletools.py
var codes = map[byte]func(m *machine) error{
	0x80: func(m *machine) error { _, err := m.number(1); return err }, // protocol
	0x95: func(m *machine) error { _, err := m.number(8); return err }, // frame
	'(':  func(m *machine) error { return m.push(mark{}) },
	'0':  func(m *machine) error { _, err := m.pop(); return err },
	'1':  func(m *machine) error { _, err := m.popMark(); return err },
	'N':  func(m *machine) error { return m.push(None{}) },
	0x88: func(m *machine) error { return m.push(true) },
	0x89: func(m *machine) error { return m.push(false) },
	'K':  func(m *machine) error { return m.whole(1) },
	'M':  func(m *machine) error { return m.whole(2) },
	'J':  func(m *machine) error { return m.whole(4) },
	'I':  (*machine).parsed,
	'L':  (*machine).parsed,
	0x8a: func(m *machine) error { return m.long(1) },
	0x8b: func(m *machine) error { return m.long(4) },
	'G': func(m *machine) error {
		n, err := m.number(8)
		if err != nil {
			return err
		}
		return m.push(math.Float64frombits(bits.ReverseBytes64(n)))
	},
	'X': func(m *machine) error { return m.pushText(4) }, 0x8c: func(m *machine) error { return m.pushText(1) },
	0x8d: func(m *machine) error { return m.pushText(8) },
	'T':  func(m *machine) error { return m.pushText(4) }, 'U': func(m *machine) error { return m.pushText(1) },
	'B': func(m *machine) error { return m.pushText(4) }, 'C': func(m *machine) error { return m.pushText(1) },
	0x8e: func(m *machine) error { return m.pushText(8) },
	')':  func(m *machine) error { return m.push(Tuple{}) },
	0x85: func(m *machine) error { return m.pushTuple(1) },
	0x86: func(m *machine) error { return m.pushTuple(2) },
	0x87: func(m *machine) error { return m.pushTuple(3) },
	't':  func(m *machine) error { return m.collect(func(items []any) any { return Tuple(items) }) },
	']':  func(m *machine) error { return m.push(&List{}) },
	0x8f: func(m *machine) error { return m.push(&List{}) }, // a set
	'l':  func(m *machine) error { return m.collect(func(items []any) any { return &List{items} }) },
	0x91: func(m *machine) error { return m.collect(func(items []any) any { return &List{items} }) },
	'a':  func(m *machine) error { return m.upon(1, m.add) },
	'e':  func(m *machine) error { return m.marked(m.add) },
	0x90: func(m *machine) error { return m.marked(m.add) },
	'}':  func(m *machine) error { return m.push(&Dict{}) },
	'd': func(m *machine) error {
		items, err := m.popMark()
		if err != nil {
			return err
		}
		m.stack = append(m.stack, &Dict{})
		return m.put(items)
	},
	's': func(m *machine) error { return m.upon(2, m.put) },
	'u': func(m *machine) error { return m.marked(m.put) },
	'c': func(m *machine) error {
		module, err := m.line()
		if err != nil {
			return err
		}
		name, err := m.line()
		if err != nil {
			return err
		}
		return m.push(Global{module, name})
	},
	0x93: func(m *machine) error {
		two, err := m.popN(2)
		if err != nil {
			return err
		}
		module, ok1 := two[0].(string)
		name, ok2 := two[1].(string)
		if !ok1 || !ok2 {
			return errDamaged
		}
		return m.push(Global{module, name})
	},
	'R':  (*machine).call,
	0x81: (*machine).call, // of a class, to make an object
	'b':  (*machine).build,
	'Q': func(m *machine) error {
		id, err := m.pop()
		if err != nil {
			return err
		}
		m.out = append(m.out, &Persistent{id})
		return m.push(m.out[len(m.out)-1])
	},
	'q':  func(m *machine) error { return m.remember(1) },
	'r':  func(m *machine) error { return m.remember(4) },
	0x94: func(m *machine) error { return m.keep(uint64(len(m.memo))) },
	'h':  func(m *machine) error { return m.recall(1) },
	'j':  func(m *machine) error { return m.recall(4) },
}

func (m *machine) whole(bytes int) error {
	n, err := m.number(bytes)
	if err != nil {
		return err
	}
	if bytes == 4 {
		return m.push(int64(int32(n)))
	}
	return m.push(int64(n))
}

func (m *machine) pushText(bytes int) error {
	text, err := m.text(bytes)
	if err != nil {
		return err
	}
	return m.push(text)
}

func (m *machine) pushTuple(n int) error {
	t, err := m.popN(n)
	if err != nil {
		return err
	}
	return m.push(t)
}

// collect makes one value of all above the last mark.
func (m *machine) collect(make func(items []any) any) error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return m.push(make(items))
}

// marked does something with all above the last mark, and upon with n values.
func (m *machine) marked(do func(items []any) error) error {
	items, err := m.popMark()
	if err != nil {
		return err
	}
	return do(items)
}

func (m *machine) upon(n int, do func(items []any) error) error {
	items, err := m.popN(n)
	if err != nil {
		return err
	}
	return do(items)
}

func (m *machine) remember(bytes int) error {
	n, err := m.number(bytes)
	if err != nil {
		return err
	}
	return m.keep(n)
}

func (m *machine) keep(at uint64) error {
	x, err := m.top()
	if err != nil {
		return err
	}
	m.memo[at] = x
	return nil
}

func (m *machine) recall(bytes int) error {
	n, err := m.number(bytes)
	if err != nil {
		return err
	}
	x, ok := m.memo[n]
	if !ok {
		return errDamaged
	}
	return m.push(x)
}
