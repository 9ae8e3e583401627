package pickle

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
)

var (
	errCut     = errors.New("ends within a pickle")
	errDamaged = errors.New("holds a damaged pickle")
)

// mark stands on the stack where the items of a collection begin.
type mark struct{}

// machine runs a pickle. Its stack is cut into parts by marks.
type machine struct {
	r     *bufio.Reader
	stack []any
	memo  map[uint64]any
	out   []*Persistent
}

// Read reads the next pickle, and lists what it says lies outside of it. What comes after it stays in r.
func Read(r *bufio.Reader) (root any, outside []*Persistent, err error) {
	m := &machine{r: r, memo: map[uint64]any{}}
	for range mostCodes {
		code, err := r.ReadByte()
		if err != nil {
			return nil, nil, errCut
		}
		if code == '.' {
			root, err = m.pop()
			return root, m.out, err
		}
		run := codes[code]
		if run == nil {
			return nil, nil, fmt.Errorf("%w: %#x is no code of it", errDamaged, code)
		}
		if err := run(m); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, fmt.Errorf("%w: it is too long", errDamaged)
}

// mostCodes is how many codes a pickle may have: some 40 describe a tensor, and each may make a value of a hundred bytes.
const mostCodes = 1 << 23

func (m *machine) push(x any) error {
	m.stack = append(m.stack, x)
	return nil
}

func (m *machine) pop() (any, error) {
	if len(m.stack) == 0 {
		return nil, errDamaged
	}
	x := m.stack[len(m.stack)-1]
	if _, ok := x.(mark); ok {
		return nil, errDamaged
	}
	m.stack = m.stack[:len(m.stack)-1]
	return x, nil
}

// top is the last value, which stays.
func (m *machine) top() (any, error) {
	x, err := m.pop()
	if err == nil {
		m.stack = m.stack[:len(m.stack)+1]
	}
	return x, err
}

// popMark takes off all above the last mark, and the mark.
func (m *machine) popMark() ([]any, error) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if _, ok := m.stack[i].(mark); ok {
			items := append([]any{}, m.stack[i+1:]...)
			m.stack = m.stack[:i]
			return items, nil
		}
	}
	return nil, errDamaged
}

// popN takes n values off.
func (m *machine) popN(n int) (Tuple, error) {
	t := make(Tuple, n)
	for i := n - 1; i >= 0; i-- {
		x, err := m.pop()
		if err != nil {
			return nil, err
		}
		t[i] = x
	}
	return t, nil
}

// number reads a whole number of 1 to 8 bytes.
func (m *machine) number(bytes int) (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(m.r, b[:bytes]); err != nil {
		return 0, errCut
	}
	return binary.LittleEndian.Uint64(b[:]), nil
}

// text reads a text behind its length. It takes no more memory than there are bytes.
func (m *machine) text(bytes int) (string, error) {
	n, err := m.number(bytes)
	if err != nil || n > math.MaxInt32 {
		return "", errCut
	}
	var b strings.Builder
	if got, err := io.CopyN(&b, m.r, int64(n)); err != nil || uint64(got) < n {
		return "", errCut
	}
	return b.String(), nil
}

// line reads a text that ends with its line.
func (m *machine) line() (string, error) {
	text, err := m.r.ReadString('\n')
	if err != nil {
		return "", errCut
	}
	return strings.TrimSuffix(text, "\n"), nil
}

// put puts keys and values into a dictionary, or what stands for one.
func (m *machine) put(items []any) error {
	x, err := m.top()
	if err != nil || len(items)%2 != 0 {
		return errDamaged
	}
	var d *Dict
	switch x := x.(type) {
	case *Dict:
		d = x
	case *Object:
		d = &x.Dict
	default:
		return errDamaged
	}
	for i := 0; i < len(items); i += 2 {
		d.Keys, d.Values = append(d.Keys, items[i]), append(d.Values, items[i+1])
	}
	return nil
}

// add adds to a list, or to what stands for one, of which nobody asks.
func (m *machine) add(items []any) error {
	x, err := m.top()
	if l, ok := x.(*List); ok {
		l.Items = append(l.Items, items...)
	}
	return err
}

// call makes an Object of what would be called.
func (m *machine) call() error {
	two, err := m.popN(2)
	if err != nil {
		return err
	}
	o := &Object{}
	o.Class, _ = two[0].(Global)
	o.Args, _ = two[1].(Tuple)
	return m.push(o)
}

// build fills an Object.
func (m *machine) build() error {
	state, err := m.pop()
	if err != nil {
		return err
	}
	x, err := m.top()
	if o, ok := x.(*Object); ok {
		o.State = state
	}
	return err
}

// long is a whole number of any length.
func (m *machine) long(bytes int) error {
	text, err := m.text(bytes)
	if err != nil {
		return err
	}
	b := []byte(text)
	if len(b) > 8 {
		return m.push(None{})
	}
	x := new(big.Int)
	for i := len(b) - 1; i >= 0; i-- {
		x.Lsh(x, 8).Or(x, big.NewInt(int64(b[i])))
	}
	if len(b) > 0 && b[len(b)-1]&0x80 != 0 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return m.push(x.Int64())
}

// parsed is a number written as text.
func (m *machine) parsed() error {
	text, err := m.line()
	if err != nil {
		return err
	}
	switch text {
	case "00":
		return m.push(false)
	case "01":
		return m.push(true)
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "L"), 10, 64)
	if err != nil {
		return errDamaged
	}
	return m.push(n)
}
