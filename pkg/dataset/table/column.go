package table

import (
	"fmt"
	"io"
	"iter"
	"sort"

	"dnn/pkg/dataset/numeral"
)

// Content is what a column holds instead of text, such as images.
type Content interface {
	// Lacks reports whether the row cannot be read and is left out.
	Lacks(row int32) bool
}

// Column is one column of a table: fields of text, or other content. A field is trimmed; a gap is empty. Numbers are kept as what
// they are: Number and Numbers read them faster than Field gives their text.
type Column struct {
	Name    string
	Content Content // nil for text

	blocks    []block
	forgotten int // the first of them
	building  builder
}

// Len is the number of fields.
func (c *Column) Len() int {
	if n := len(c.blocks); n > 0 {
		last := &c.blocks[n-1]
		return int(last.first+last.rows) + c.building.len()
	}
	return c.building.len()
}

// IsText reports whether the column holds text.
func (c *Column) IsText() bool { return c.Content == nil }

// block returns the block of a row, and its place in it.
func (c *Column) block(row int32) (b *block, i int32) {
	at := 0
	if len(c.blocks) > 1 {
		at = sort.Search(len(c.blocks), func(k int) bool { return c.blocks[k].first > row }) - 1
	}
	b = &c.blocks[at]
	return b, row - b.first
}

// Field returns the text of a row, "" for a gap.
func (c *Column) Field(row int32) string {
	b, i := c.block(row)
	return b.field(i)
}

// Gap reports whether the field of a row is empty.
func (c *Column) Gap(row int32) bool {
	b, i := c.block(row)
	return b.gap(i)
}

// Number reads the field of a row as a number; ok is false for gaps and words.
func (c *Column) Number(row int32) (x float64, ok bool) {
	b, i := c.block(row)
	return b.number(i)
}

// each yields the places of rows, which are found fastest where rows follow one another.
func (c *Column) each(rows []int32) iter.Seq2[*block, int32] {
	return func(yield func(*block, int32) bool) {
		var b *block
		for _, row := range rows {
			if b == nil || !b.has(row) {
				b, _ = c.block(row)
			}
			if !yield(b, row-b.first) {
				return
			}
		}
	}
}

// AllRows lists the rows of the column.
func (c *Column) AllRows() []int32 {
	rows := make([]int32, c.Len())
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}

// Gaps counts the gaps in some rows.
func (c *Column) Gaps(rows []int32) (gaps int) {
	for b, i := range c.each(rows) {
		if b.gap(i) {
			gaps++
		}
	}
	return gaps
}

// Numbers reads the fields of some rows as numbers: NaN for gaps and for words, and counts both.
func (c *Column) Numbers(rows []int32, into []float64) (gaps, words int) {
	for len(rows) > 0 {
		b, _ := c.block(rows[0])
		n, lacking, odd := b.numbers(rows, into)
		rows, into, gaps, words = rows[n:], into[n:], gaps+lacking, words+odd
	}
	return gaps, words
}

// Fields yields the fields of some rows.
func (c *Column) Fields(rows []int32) iter.Seq[string] {
	return func(yield func(string) bool) {
		for b, i := range c.each(rows) {
			if !yield(b.field(i)) {
				return
			}
		}
	}
}

// all yields the places of all rows.
func (c *Column) all() iter.Seq2[*block, int32] {
	return func(yield func(*block, int32) bool) {
		for k := range c.blocks {
			for i := range c.blocks[k].rows {
				if !yield(&c.blocks[k], i) {
					return
				}
			}
		}
	}
}

// Count counts the different words of some rows, and the gaps. It stops after more than most words.
func (c *Column) Count(rows []int32, most int) (counts map[string]int, gaps int) {
	counts = map[string]int{}
	numbers := map[numeral.Decimal]int{}
	for b, i := range c.each(rows) {
		if b.width == 0 {
			if field := b.piece(i); field != "" {
				counts[field]++
			} else {
				gaps++
			}
		} else if d := b.at(i); d.Digits == gapDigits {
			gaps++
		} else if d.Digits == oddDigits {
			counts[b.odd[i]]++
		} else {
			numbers[d]++
		}
		if len(counts)+len(numbers) > most {
			break
		}
	}
	var memory [numeral.MostPlaces + 4]byte
	for d, n := range numbers {
		counts[string(d.Append(memory[:0]))] += n
	}
	return counts, gaps
}

// Add appends a field. Seal must be called before fields are read.
func (c *Column) Add(field string) {
	add(&c.building, field)
	if c.building.full() {
		c.flush()
	}
}

// flush makes a block of the fields that were added.
func (c *Column) flush() {
	if c.building.len() > 0 {
		appendBlock(c, c.building.seal())
	}
}

// joinFields appends the fields of a builder and empties it.
func joinFields(c *Column, other *builder) {
	c.building.join(other)
	other.reset()
	if c.building.full() {
		c.flush()
	}
}

// appendBlock adds a block.
func appendBlock(c *Column, b block) {
	b.first = int32(c.Len())
	c.blocks = append(c.blocks, b)
}

// Seal ends the adding of fields.
func (c *Column) Seal() {
	c.flush()
	c.building = builder{}
}

// takeField appends a field of a block.
func takeField(c *Column, b *block, i int32) {
	c.building.take(b, i)
	if c.building.full() {
		c.flush()
	}
}

// Only returns the column with the fields of the given rows; all others are gaps.
func (c *Column) Only(rows []int32) *Column {
	kept := make([]bool, c.Len())
	for _, row := range rows {
		kept[row] = true
	}
	other := &Column{Name: c.Name}
	for b, i := range c.all() {
		if kept[b.first+i] {
			takeField(other, b, i)
		} else {
			other.Add("")
		}
	}
	other.Seal()
	return other
}

// picked is a column of some rows of another, whose fields are text.
func (c *Column) picked(rows []int32) *Column {
	other := &Column{Name: c.Name}
	for b, i := range c.each(rows) {
		takeField(other, b, i)
	}
	other.Seal()
	return other
}

func pick[T any](of []T, rows []int32) []T {
	list := make([]T, len(rows))
	for i, row := range rows {
		list[i] = of[row]
	}
	return list
}

// HoldsNumbers reports whether all fields of a column are numbers or gaps, and at least one is a number.
func (c *Column) HoldsNumbers() bool {
	some := false
	for b, i := range c.all() {
		if b.gap(i) {
			continue
		}
		if _, ok := b.number(i); !ok {
			return false
		}
		some = true
	}
	return some
}

// Append adds the fields of a sealed column.
func (c *Column) Append(other *Column) {
	for b, i := range other.all() {
		takeField(c, b, i)
	}
}

// Repeat adds the same field several times.
func (c *Column) Repeat(field string, times int) {
	for range times {
		c.Add(field)
	}
}

// Digest writes the name and all fields, for a digest of the data.
func (c *Column) Digest(w io.Writer) {
	size := 0
	for b, i := range c.all() {
		size += len(b.field(i))
	}
	fmt.Fprintf(w, "%s %d\n", c.Name, size)
	for b, i := range c.all() {
		io.WriteString(w, b.field(i))
	}
	io.WriteString(w, "\n")
}

// Bytes is how many bytes the fields of columns take.
func Bytes(columns []*Column) (bytes int) {
	for _, c := range columns {
		for i := range c.blocks {
			bytes += c.blocks[i].bytes()
		}
	}
	return bytes
}

// Forget drops the fields of the rows before one, block by block; later rows may be read meanwhile, these not any more. It returns how
// many bytes they took.
func Forget(columns []*Column, before int32) (bytes int) {
	for _, c := range columns {
		for ; c.forgotten < len(c.blocks); c.forgotten++ {
			b := &c.blocks[c.forgotten]
			if b.first+b.rows > before {
				break
			}
			bytes += b.bytes()
			b.forget()
		}
	}
	return bytes
}
