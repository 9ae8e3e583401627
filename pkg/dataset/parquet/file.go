package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
)

// Magic is how a Parquet file begins and ends.
const Magic = "PAR1"

// Rows are the rows of a file. It is a record.Reader whose lines are the numbers of rows from 1.
type Rows struct {
	file    *pq.File
	size    int64
	header  []string
	left    []string // columns that are left out, each with why
	columns []*column
	group   int   // the next row group
	rows    int64 // those left of this one
	line    int
	fields  []string
}

// limits on what a file declares, far above what writers make.
const (
	mostFooter   = 256 << 20 // bytes
	mostRows     = 1<<31 - 1
	rowsPerByte  = 10_000
	mostPage     = 512 << 20 // bytes
	mostPageRows = 1 << 25
)

// Open reads the footer of a file of that size.
func Open(f io.ReaderAt, size int64) (rows *Rows, err error) {
	defer recovered(&err)
	if err := checkFooter(f, size); err != nil {
		return nil, err
	}
	file, err := pq.OpenFile(f, size, pq.SkipPageIndex(true), pq.SkipBloomFilters(true))
	if err != nil {
		return nil, damaged(err)
	}
	if n := file.NumRows(); n < 0 || n > mostRows || n > rowsPerByte*size {
		return nil, fmt.Errorf("declares %s rows in %s bytes; the file is damaged", phrase.Thousands(int(n)), phrase.Thousands(int(size)))
	}
	r := &Rows{file: file, size: size}
	for _, c := range file.Root().Columns() {
		r.add(c, c.Name())
	}
	if len(r.header) == 0 {
		return nil, errors.New("has no column of numbers, words, dates or lists of them")
	}
	for _, g := range file.Metadata().RowGroups {
		for i := range g.Columns {
			meta := &g.Columns[i].MetaData
			if meta.TotalCompressedSize < 0 || meta.DataPageOffset < 0 || meta.DataPageOffset > size || meta.TotalCompressedSize > size {
				return nil, errors.New("a column reaches beyond the end of the file; it is damaged or cut off")
			}
			// parquet-go drops the decompressed page if it had to grow the buffer, and reads what was in the buffer before
			if meta.Codec == format.Lz4Raw {
				return nil, errors.New("is compressed with LZ4, which cannot be read; write it with zstd, snappy or gzip")
			}
		}
	}
	r.fields = make([]string, len(r.header))
	return r, nil
}

// add adds the columns of a field of the schema: a group becomes a column for each of its fields.
func (r *Rows) add(c *pq.Column, name string) {
	leaf := c
	for !leaf.Leaf() && len(leaf.Columns()) == 1 && (isList(c) || c.Repeated()) {
		leaf = leaf.Columns()[0]
	}
	switch {
	case leaf.Leaf():
		one := &column{leaf: leaf, lists: listLevels(r.file.Root(), leaf), most: leaf.MaxDefinitionLevel()}
		if one.text = textOf(leaf); one.text == nil {
			r.left = append(r.left, fmt.Sprintf("%s (%s)", name, leaf.Type()))
			return
		}
		r.header, r.columns = append(r.header, name), append(r.columns, one)
	case isMap(c) || isList(c) || c.Repeated():
		r.left = append(r.left, name+" (a map or a list of groups)")
	default:
		for _, own := range c.Columns() {
			r.add(own, name+"."+own.Name())
		}
	}
}

// LeftOut are the columns that cannot be read, each with its type.
func (r *Rows) LeftOut() []string { return r.left }

// Only reads no other columns than those that are wanted; the fields of others are empty.
func (r *Rows) Only(wanted func(string) bool) {
	for i, c := range r.columns {
		c.unread = !wanted(r.header[i])
	}
}

// Header returns the names of the columns.
func (r *Rows) Header() []string { return r.header }

// Next returns the fields of the next row and its number.
func (r *Rows) Next() (fields []string, line int, err error) {
	defer recovered(&err)
	for r.rows == 0 {
		if err := r.nextGroup(); err != nil {
			return nil, 0, err
		}
	}
	r.rows--
	r.line++
	for i, c := range r.columns {
		if c.unread {
			continue
		}
		if r.fields[i], err = c.next(); err != nil {
			return nil, 0, fmt.Errorf("column %q: row %d: %w", r.header[i], r.line, damaged(err))
		}
	}
	return r.fields, r.line, nil
}

// nextGroup goes on to the next row group.
func (r *Rows) nextGroup() error {
	groups := r.file.RowGroups()
	for _, c := range r.columns {
		c.close()
	}
	if r.group == len(groups) {
		return io.EOF
	}
	g := groups[r.group]
	chunks := g.ColumnChunks()
	for i, c := range r.columns {
		if c.unread {
			continue
		}
		at := c.leaf.Index()
		if at < 0 || at >= len(chunks) {
			return errors.New("a row group lacks a column; the file is damaged")
		}
		if err := c.checkPages(r.file, r.size, &r.file.Metadata().RowGroups[r.group].Columns[at].MetaData); err != nil {
			return fmt.Errorf("column %q: %w", r.header[i], err)
		}
		c.begin(chunks[at].Pages())
	}
	r.rows = g.NumRows()
	r.group++
	if r.rows < 0 {
		return errors.New("a row group has a negative number of rows; the file is damaged")
	}
	return nil
}

// recovered turns a panic over a damaged file into an error.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the file is damaged: %v", p)
	}
}

// damaged says that an error comes from the file.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file ends early; it is damaged or cut off")
	}
	return fmt.Errorf("the file is damaged: %w", err)
}

// checkFooter holds the sizes that the footer declares against the file.
func checkFooter(f io.ReaderAt, size int64) error {
	end, head := make([]byte, 8), make([]byte, 4)
	if size < 12 {
		return errors.New("is no Parquet file: it has less than 12 bytes")
	}
	if _, err := f.ReadAt(head, 0); err != nil {
		return err
	}
	if _, err := f.ReadAt(end, size-8); err != nil {
		return err
	}
	if string(head) == "PARE" || string(end[4:]) == "PARE" {
		return errors.New("is encrypted; write it without encryption")
	}
	if string(head) != Magic {
		return fmt.Errorf("is no Parquet file: it does not begin with %s", Magic)
	}
	n := int64(binary.LittleEndian.Uint32(end))
	if string(end[4:]) != Magic || n > size-12 {
		return errors.New("has no footer; it is damaged or cut off")
	}
	if n > mostFooter {
		return fmt.Errorf("has a footer of %s bytes; the most is %s", phrase.Thousands(int(n)), phrase.Thousands(mostFooter))
	}
	footer := make([]byte, n)
	if _, err := f.ReadAt(footer, size-8-n); err != nil {
		return err
	}
	if !sound(footer) {
		return errors.New("has a footer that cannot be read; it is damaged")
	}
	return nil
}

// isList and isMap tell groups that hold several values.
func isList(c *pq.Column) bool { return logical(c) == "LIST" || converted(c, deprecated.List) }
func isMap(c *pq.Column) bool {
	return logical(c) == "MAP" || converted(c, deprecated.Map, deprecated.MapKeyValue)
}

var _ record.Reader = (*Rows)(nil)
