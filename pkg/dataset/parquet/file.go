package parquet

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
)

// Magic is how a Parquet file begins and ends.
const Magic = "PAR1"

// Rows are the rows of a file. It is a record.Reader whose lines are the numbers of rows from 1.
type Rows struct {
	f       io.ReaderAt
	meta    *format.FileMetaData
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
	meta, err := readFooter(f, size)
	if err != nil {
		return nil, err
	}
	if n := meta.NumRows; n < 0 || n > mostRows || n > rowsPerByte*size {
		return nil, fmt.Errorf("declares %s rows in %s bytes; the file is damaged", phrase.Thousands(int(n)), phrase.Thousands(int(size)))
	}
	schema := &tree{left: meta.Schema}
	root, err := schema.node(nil, 0)
	if err != nil {
		return nil, err
	}
	r := &Rows{f: f, meta: meta, size: size}
	for _, n := range root.fields {
		r.add(n, n.Name)
	}
	if len(r.header) == 0 {
		return nil, errors.New("has no column of numbers, words, dates or lists of them")
	}
	for _, g := range meta.RowGroups {
		if len(g.Columns) != schema.leaves {
			return nil, errors.New("has a row group with more or fewer columns than the schema; the file is damaged")
		}
		for i := range g.Columns {
			meta := &g.Columns[i].MetaData
			if meta.TotalCompressedSize < 0 || meta.DataPageOffset < 0 || meta.DataPageOffset > size || meta.TotalCompressedSize > size {
				return nil, errors.New("a column reaches beyond the end of the file; it is damaged or cut off")
			}
			switch codec := meta.Codec; {
			case codec == format.Lz4Raw || codec == format.Lz4:
				return nil, errors.New("is compressed with LZ4, which cannot be read; write it with zstd, snappy or gzip")
			case !readable(codec):
				return nil, fmt.Errorf("is compressed with %v, which cannot be read; write it with zstd, snappy or gzip", codec)
			}
		}
	}
	r.fields = make([]string, len(r.header))
	return r, nil
}

// add adds the columns of a field of the schema: a group becomes a column for each of its fields.
func (r *Rows) add(n *node, name string) {
	leaf := n
	for !leaf.leaf() && len(leaf.fields) == 1 && (n.isList() || n.repeated()) {
		leaf = leaf.fields[0]
	}
	switch {
	case leaf.leaf():
		one := &column{leaf: leaf, text: textOf(leaf)}
		if one.text == nil {
			r.left = append(r.left, fmt.Sprintf("%s (%s)", name, leaf.kind()))
			return
		}
		r.header, r.columns = append(r.header, name), append(r.columns, one)
	case n.isMap() || n.isList() || n.repeated():
		r.left = append(r.left, name+" (a map or a list of groups)")
	default:
		for _, own := range n.fields {
			r.add(own, name+"."+own.Name)
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
	if r.group == len(r.meta.RowGroups) {
		return io.EOF
	}
	g := &r.meta.RowGroups[r.group]
	for i, c := range r.columns {
		if c.unread {
			continue
		}
		pages, err := pagesOf(r.f, r.size, c.leaf, &g.Columns[c.leaf.index].MetaData)
		if err != nil {
			return fmt.Errorf("column %q: %w", r.header[i], err)
		}
		c.begin(pages)
	}
	r.rows = g.NumRows
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

var _ record.Reader = (*Rows)(nil)
