package format

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"dnn/pkg/dataset/parquet"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

func init() {
	Formats.Register("parquet", "columns with types, as pandas, Polars and Spark write them", &Parquet{})
}

// Parquet reads Parquet files, compressed with snappy, gzip, zstd, brotli or not (LZ4 is refused), row group by row group,
// and only the columns that are used. A null is a gap, and so is a NaN. Dates are texts such as 2024-12-25, timestamps such
// as 2024-12-25 15:04:05, and booleans true and false. A list is a list in JSON, [1, 2, null], as a series or labels may be;
// a group becomes a column for each of its fields, called group.field. Maps, and lists of groups, are left out. Messages
// count the rows from 1. A pipe is read into memory as a whole, as the end of a file says where its columns are.
type Parquet struct {
	Files      `spec:",inline"`
	table.Gaps `spec:",inline"`
}

func (q *Parquet) Extensions() []string { return []string{"parquet", "pq"} }

func (q *Parquet) Read(src Source, split string) *table.Table {
	return readRecords(q, &q.Files, src, split)
}

// RecordsAt reads a file.
func (q *Parquet) RecordsAt(f io.ReaderAt, size int64) (record.Reader, error) {
	return parquet.Open(f, size)
}

// mostPiped is how many bytes of Parquet may come from a pipe.
const mostPiped = 1 << 30

// Records reads what is no file into memory.
func (q *Parquet) Records(r io.Reader, _ string) (record.Reader, error) {
	all, err := io.ReadAll(io.LimitReader(r, mostPiped+1))
	switch {
	case err != nil:
		return nil, err
	case len(all) > mostPiped:
		return nil, errors.New("more than 1 GB of Parquet from a pipe; give the name of a file")
	}
	return q.RecordsAt(bytes.NewReader(all), int64(len(all)))
}

// Indexed is a format whose files say at their end where their parts are.
type Indexed interface {
	RecordsAt(f io.ReaderAt, size int64) (record.Reader, error)
}

// leftOut notes the columns of a file that cannot be read.
func leftOut(rec record.Reader, file string, src Source) {
	if r, ok := rec.(interface{ LeftOut() []string }); ok && len(r.LeftOut()) > 0 {
		src.Note("%s: left out what is no column of numbers, words or lists of them: %s", file, strings.Join(r.LeftOut(), ", "))
	}
}
