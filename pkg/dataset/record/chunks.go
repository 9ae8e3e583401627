package record

// A Chunk is some rows of a file of delimited text. Chunks are read one after the other, and may be cut into fields side by side.
type Chunk struct {
	Err   error // why no rows follow
	text  []byte
	ends  []int // of its rows
	lines []int // in which they begin
}

// chunkText is how many bytes a chunk has if no row is longer.
const chunkText = 1 << 20

// Rows is how many rows a chunk has.
func (c *Chunk) Rows() int { return len(c.ends) }

// Chunks reads plain rows of several fields in chunks.
type Chunks struct{ of *delimited }

// ChunksOf returns what reads all that follows in chunks; nil where rows are read one by one.
func ChunksOf(rec Reader) *Chunks {
	d, ok := rec.(*delimited)
	if !ok || d.ahead || len(d.names) < 2 || d.lines != nil || d.Escape != "" {
		return nil
	}
	return &Chunks{d}
}

// Gather reads the rows of a chunk.
func (f *Chunks) Gather(c *Chunk) {
	c.text, c.ends, c.lines = c.text[:0], c.ends[:0], c.lines[:0]
	for len(c.text) < chunkText {
		row, line, err := f.of.rows.next()
		if err != nil {
			c.Err = err
			return
		}
		c.text = append(c.text, row...)
		c.ends, c.lines = append(c.ends, len(c.text)), append(c.lines, f.of.rows.numbers.of(line))
	}
}

// CountRepeat counts a row that repeats the header line.
func (f *Chunks) CountRepeat(line int) { f.of.repeats.count(line) }

// A Cutter cuts rows of chunks into fields.
type Cutter struct {
	from *delimited
	split
}

// Cutter returns one for a goroutine of its own.
func (f *Chunks) Cutter() *Cutter { return &Cutter{f.of, newSplit(f.of.Comma, f.of.Quotes)} }

// Cut cuts a row, and returns the line in which it begins, and whether it repeats the header line or is bad.
func (s *Cutter) Cut(c *Chunk, row int) (line int, repeats bool, bad *RowError) {
	from := 0
	if row > 0 {
		from = c.ends[row-1]
	}
	text, line := c.text[from:c.ends[row]], c.lines[row]
	s.cut(text)
	if wrong := s.wrong(text, line); wrong != "" {
		return line, false, &RowError{Line: line, Text: wrong + "; " + quotesHintFor(text)}
	}
	if s.from.repeats.like(&s.split) {
		return line, true, nil
	}
	if n := len(s.spans); n > len(s.from.names) && !s.quotes {
		s.from.cutQuoted(&s.split)
	}
	if n := len(s.spans); n != len(s.from.names) {
		return line, false, s.from.unlike(n, line)
	}
	return line, false, nil
}

// Field is a field of the row that was cut. It is valid until the next one is.
func (s *Cutter) Field(at int) []byte {
	place := s.spans[at]
	return s.of[place.from:place.to]
}
