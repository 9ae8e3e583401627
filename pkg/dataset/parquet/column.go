package parquet

import (
	"io"
	"strings"

	pq "github.com/parquet-go/parquet-go"
)

// column reads the fields of one leaf of the schema.
type column struct {
	leaf   *pq.Column
	text   func(v pq.Value) string
	lists  []int // the definition level of each list around the values, from which on it has elements
	most   int   // the definition level of values
	unread bool

	pages  pq.Pages
	page   pq.Page
	values pq.ValueReader
	buffer [128]pq.Value
	at, n  int
	pre    [][]bool // of each page to come: the booleans of its runs, or nil
	known  []bool   // those of this page that are left
	join   strings.Builder
}

// begin continues with the pages of a row group.
func (c *column) begin(pages pq.Pages) {
	c.pages, c.values, c.at, c.n = pages, nil, 0, 0
}

func (c *column) close() {
	c.release()
	if c.pages != nil {
		c.pages.Close()
		c.pages = nil
	}
}

// release gives the page back: texts were copied from it.
func (c *column) release() {
	if c.page != nil {
		pq.Release(c.page)
		c.page, c.values = nil, nil
	}
}

// peek returns the next value without taking it, or nil at the end of the row group.
func (c *column) peek() (*pq.Value, error) {
	for c.at == c.n {
		if c.values != nil {
			n, err := c.values.ReadValues(c.buffer[:])
			if c.at, c.n = 0, n; n > 0 {
				break
			}
			if err != nil && err != io.EOF {
				return nil, err
			}
			c.release()
		}
		page, err := c.pages.ReadPage()
		if err == io.EOF {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		c.page, c.values, c.known = page, page.Values(), nil
		if len(c.pre) > 0 {
			c.known, c.pre = c.pre[0], c.pre[1:]
		}
	}
	return &c.buffer[c.at], nil
}

// next returns the field of the next row: a value as text, a gap as nothing, and a list as JSON.
func (c *column) next() (string, error) {
	v, err := c.peek()
	if err != nil || v == nil {
		return "", orEnd(err)
	}
	if len(c.lists) == 0 {
		c.at++
		if v.DefinitionLevel() < c.most || v.IsNull() {
			return "", nil
		}
		return c.word(v), nil
	}
	if v.DefinitionLevel() < c.lists[0]-1 { // there is no list
		c.at++
		return "", nil
	}
	c.join.Reset()
	open := 0
	for first := true; first || v != nil && v.RepetitionLevel() > 0; first = false {
		for r := v.RepetitionLevel(); open > r; open-- {
			c.join.WriteByte(']')
		}
		if !first {
			c.join.WriteString(", ")
		}
		open = c.element(v, open)
		c.at++
		if v, err = c.peek(); err != nil {
			return "", err
		}
	}
	c.join.WriteString(strings.Repeat("]", open))
	return c.join.String(), nil
}

// element writes a value with the lists that it begins, and returns how many are open then.
func (c *column) element(v *pq.Value, open int) int {
	level := v.DefinitionLevel()
	for open < len(c.lists) && level >= c.lists[open] {
		c.join.WriteByte('[')
		open++
	}
	switch {
	case open < len(c.lists) && level == c.lists[open]-1:
		c.join.WriteString("[]")
	case level < c.most || v.IsNull():
		c.join.WriteString("null")
	default:
		c.join.WriteString(jsonOf(v, c.word(v)))
	}
	return open
}

// orEnd is the error of a row group that has fewer values than rows.
func orEnd(err error) error {
	if err == nil {
		return io.ErrUnexpectedEOF
	}
	return err
}
