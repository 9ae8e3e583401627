package table

import (
	"io"
	"runtime"
	"sync"

	"dnn/pkg/dataset/record"
)

// Delimited rows are read in chunks of whole rows: one goroutine looks for where rows end, others cut them into fields and make
// blocks of these. The chunks come into the table in their order, so their number, and that of goroutines, changes nothing.

// A chunk is some rows of a file, and what was made of them.
type chunk struct {
	record.Chunk
	columns []builder         // fields, by kept column
	blocks  []block           // the same, where they are many
	sound   []int32           // the lines of the rows that could be read
	bad     []record.RowError // the others
	repeats []int             // the lines of those that repeat the header
	done    chan struct{}
}

// mostReaders is how many goroutines cut rows, at most: more would wait for the one that reads.
const mostReaders = 8

// chunks reads a file into a table.
type chunks struct {
	*record.Chunks
	table *Table
	kept  []int  // the place of each column in a row
	texts []bool // columns of free text
}

// fill appends all rows.
func (f *chunks) fill(clean *Cleaner, bad func(*record.RowError)) error {
	first := f.made()
	if f.Gather(&first.Chunk); first.Err != nil { // a small file
		f.cut(first, f.Cutter(), clean)
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
			if c.Err != nil {
				break
			}
			c = <-free
			f.Gather(&c.Chunk)
		}
		close(work)
		close(order)
	}()
	forks := make([]*Cleaner, readers)
	var wait sync.WaitGroup
	for i := range forks {
		forks[i] = clean.fork()
		wait.Go(func() {
			s := f.Cutter()
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

// cut makes fields of the rows of a chunk.
func (f *chunks) cut(c *chunk, s *record.Cutter, clean *Cleaner) {
	c.sound, c.bad, c.repeats, c.blocks = c.sound[:0], c.bad[:0], c.repeats[:0], c.blocks[:0]
	for k := range c.Rows() {
		line, repeats, bad := s.Cut(&c.Chunk, k)
		switch {
		case bad != nil:
			c.bad = append(c.bad, *bad)
		case repeats:
			c.repeats = append(c.repeats, line)
		default:
			for i, at := range f.kept {
				add(&c.columns[i], clean.cleanBytes(s.Field(at), f.texts[i]))
			}
			c.sound = append(c.sound, int32(line))
		}
	}
	if len(c.sound) >= blockRows/4 {
		for i := range c.columns {
			c.blocks = append(c.blocks, c.columns[i].seal())
		}
	}
}

// take appends the rows of a chunk to the table.
func (f *chunks) take(c *chunk, bad func(*record.RowError)) error {
	for i := range c.bad {
		e := c.bad[i]
		bad(&e)
	}
	for _, line := range c.repeats {
		f.CountRepeat(line)
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
	if c.Err == io.EOF {
		return nil
	}
	return c.Err
}
