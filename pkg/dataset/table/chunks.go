package table

import (
	"io"
	"runtime"
	"sync"
)

// Delimited rows are read in chunks of whole rows: one goroutine looks for where rows end, others cut them into fields and make
// blocks of these. The chunks come into the table in their order, so their number, and that of goroutines, changes nothing.

// A chunk is some rows of a file, and what was made of them.
type chunk struct {
	text  []byte
	ends  []int // of its rows
	lines []int // in which they begin
	err   error // why no rows follow

	columns []builder  // fields, by kept column
	blocks  []block    // the same, where they are many
	sound   []int32    // the lines of the rows that could be read
	bad     []RowError // the others
	repeats []int      // the lines of those that repeat the header
	done    chan struct{}
}

// chunkText is how many bytes a chunk has if no row is longer.
const chunkText = 1 << 20

// mostReaders is how many goroutines cut rows, at most: more would wait for the one that reads.
const mostReaders = 8

// inChunks reports whether all that follows are plain rows of several fields.
func (d *delimited) inChunks() bool {
	return !d.ahead && len(d.names) > 1 && d.lines == nil && d.Escape == ""
}

// chunks reads a file into a table.
type chunks struct {
	*delimited
	table *Table
	kept  []int  // the place of each column in a row
	texts []bool // columns of free text
}

// fill appends all rows.
func (d *delimited) fill(t *Table, kept []int, clean *Cleaner, texts []bool, bad func(*RowError)) error {
	f := chunks{d, t, kept, texts}
	first := f.made()
	if f.gather(first); first.err != nil { // a small file
		f.cut(first, d.rows.split, clean)
		return f.take(first, bad)
	}
	readers := min(runtime.GOMAXPROCS(0), mostReaders)
	free, work, order := make(chan *chunk, readers+2), make(chan *chunk, readers+2), make(chan *chunk, readers+2)
	for range readers + 1 {
		free <- f.made()
	}
	go func() {
		for c := first; ; {
			work <- c
			order <- c
			if c.err != nil {
				break
			}
			c = <-free
			f.gather(c)
		}
		close(work)
		close(order)
	}()
	forks := make([]*Cleaner, readers)
	var wait sync.WaitGroup
	for i := range forks {
		forks[i] = clean.fork()
		wait.Go(func() {
			s := newSplit(d.Comma, d.Quotes)
			for c := range work {
				f.cut(c, s, forks[i])
				c.done <- struct{}{}
			}
		})
	}
	var err error
	for c := range order {
		<-c.done
		err = f.take(c, bad)
		free <- c
	}
	wait.Wait()
	for _, fork := range forks {
		clean.join(fork)
	}
	return err
}

func (f *chunks) made() *chunk {
	return &chunk{columns: make([]builder, len(f.kept)), done: make(chan struct{}, 1)}
}

// gather reads the rows of a chunk.
func (f *chunks) gather(c *chunk) {
	c.text, c.ends, c.lines = c.text[:0], c.ends[:0], c.lines[:0]
	for len(c.text) < chunkText {
		row, line, err := f.rows.next()
		if err != nil {
			c.err = err
			return
		}
		c.text = append(c.text, row...)
		c.ends, c.lines = append(c.ends, len(c.text)), append(c.lines, f.rows.numbers.of(line))
	}
}

// cut makes fields of the rows of a chunk.
func (f *chunks) cut(c *chunk, s split, clean *Cleaner) {
	c.sound, c.bad, c.repeats, c.blocks = c.sound[:0], c.bad[:0], c.repeats[:0], c.blocks[:0]
	from := 0
	for k, end := range c.ends {
		row, line := c.text[from:end], c.lines[k]
		from = end
		s.cut(row)
		if wrong := s.wrong(row, line); wrong != "" {
			c.bad = append(c.bad, RowError{Line: line, Text: wrong + "; " + quotesHintFor(row)})
			continue
		}
		if f.repeats.like(&s) {
			c.repeats = append(c.repeats, line)
			continue
		}
		if n := len(s.spans); n > len(f.names) && !s.quotes {
			f.cutQuoted(&s)
		}
		if n := len(s.spans); n != len(f.names) {
			c.bad = append(c.bad, *f.unlike(n, line))
			continue
		}
		for i, at := range f.kept {
			place := s.spans[at]
			add(&c.columns[i], clean.cleanBytes(s.of[place.from:place.to], f.texts[i]))
		}
		c.sound = append(c.sound, int32(line))
	}
	if len(c.sound) >= blockRows/4 {
		for i := range c.columns {
			c.blocks = append(c.blocks, c.columns[i].seal())
		}
	}
}

// take appends the rows of a chunk to the table.
func (f *chunks) take(c *chunk, bad func(*RowError)) error {
	for i := range c.bad {
		e := c.bad[i]
		bad(&e)
	}
	for _, line := range c.repeats {
		f.repeats.count(line)
	}
	for i, column := range f.table.Columns {
		if len(c.blocks) > 0 {
			column.flush()
			appendBlock(column, c.blocks[i])
			continue
		}
		joinFields(column, &c.columns[i])
	}
	f.table.Lines = append(f.table.Lines, c.sound...)
	f.table.Rows += len(c.sound)
	if c.err == io.EOF {
		return nil
	}
	return c.err
}
