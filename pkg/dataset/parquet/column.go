package parquet

import (
	"io"
	"strings"
)

// column reads the fields of one leaf of the schema.
type column struct {
	leaf   *node
	text   func(v value) string
	unread bool

	pages  *pages
	page   *page
	ahead  element // the value that was read, but not taken
	peeked bool
	join   strings.Builder
}

// element is a value with its levels. It is a gap where its definition level is not that of values.
type element struct {
	value
	repetition, definition int
}

// begin continues with the pages of a row group.
func (c *column) begin(pages *pages) { c.pages, c.page, c.peeked = pages, nil, false }

// peek returns the next value without taking it, or nil at the end of the row group.
func (c *column) peek() (*element, error) {
	if c.peeked {
		return &c.ahead, nil
	}
	for c.page == nil || c.page.left == 0 {
		page, err := c.pages.next()
		if page == nil || err != nil {
			return nil, err
		}
		c.page = page
	}
	c.page.left--
	e := element{}
	for _, level := range []struct {
		highest int
		from    *hybrid
		to      *int
	}{
		{c.leaf.repetitions, &c.page.repetitions, &e.repetition},
		{c.leaf.definitions, &c.page.definitions, &e.definition},
	} {
		if level.highest > 0 {
			n, ok := level.from.next()
			if !ok || n > uint64(level.highest) {
				return nil, errEarly
			}
			*level.to = int(n)
		}
	}
	if e.definition == c.leaf.definitions {
		var err error
		if e.value, err = c.page.values.next(); err != nil {
			return nil, err
		}
	}
	c.ahead, c.peeked = e, true
	return &c.ahead, nil
}

// next returns the field of the next row: a value as text, a gap as nothing, and a list as JSON.
func (c *column) next() (string, error) {
	v, err := c.peek()
	if err != nil || v == nil {
		return "", orEnd(err)
	}
	c.peeked = false
	lists := c.leaf.lists
	if len(lists) == 0 {
		if v.definition < c.leaf.definitions {
			return "", nil
		}
		return c.text(v.value), nil
	}
	if v.definition < lists[0]-1 { // there is no list
		return "", nil
	}
	c.join.Reset()
	open := 0
	for first := true; first || v != nil && v.repetition > 0; first = false {
		for r := v.repetition; open > r; open-- {
			c.join.WriteByte(']')
		}
		if !first {
			c.join.WriteString(", ")
		}
		open = c.element(v, open)
		c.peeked = false
		if v, err = c.peek(); err != nil {
			return "", err
		}
	}
	c.join.WriteString(strings.Repeat("]", open))
	return c.join.String(), nil
}

// element writes a value with the lists that it begins, and returns how many are open then.
func (c *column) element(v *element, open int) int {
	lists := c.leaf.lists
	for open < len(lists) && v.definition >= lists[open] {
		c.join.WriteByte('[')
		open++
	}
	switch {
	case open < len(lists) && v.definition == lists[open]-1:
		c.join.WriteString("[]")
	case v.definition < c.leaf.definitions:
		c.join.WriteString("null")
	default:
		c.join.WriteString(jsonOf(c.leaf.Type.V, c.text(v.value)))
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
