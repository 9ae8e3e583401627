package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// foreignHeads are the first bytes of files that hold no rows of text, and what they are. A file is known by them
// whatever its name says: a workbook renamed to .csv stays a workbook.
var foreignHeads = []struct{ head, what string }{
	{"PK\x03\x04", "is a zip archive, as Excel and LibreOffice workbooks are; save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "is an old Excel workbook or another Office file; save the sheet as CSV"},
	{"PAR1", "is a Parquet file; save it as CSV"},
	{"SQLite format 3", "is an SQLite database; save the table as CSV"},
	{"%PDF", "is a PDF document, not a table"},
	{"\x89PNG", "is a picture, not a table"},
	{"\xff\xd8\xff", "is a picture, not a table"},
	{"BZh", "is packed with bzip2; unpack it, or pack it with gzip"},
	{"\xfd7zXZ", "is packed with xz; unpack it, or pack it with gzip"},
	{"\x28\xb5\x2f\xfd", "is packed with zstd; unpack it, or pack it with gzip"},
	{"<!DOCTYPE", "is a web page, not a table; download the file itself"},
	{"<!doctype", "is a web page, not a table; download the file itself"},
	{"<html", "is a web page, not a table; download the file itself"},
}

// text returns the bytes of rows of text, or an error that says what the file is instead. It looks no further than what
// has come: a stream may bring its rows one by one.
func text(r io.Reader) (*bufio.Reader, error) {
	if a, ok := r.(*PromptReader); ok {
		r = a.Reader
	}
	b := bufio.NewReaderSize(r, ReadBuffer)
	b.Peek(1)
	head, _ := b.Peek(min(16, b.Buffered()))
	for _, f := range foreignHeads {
		if bytes.HasPrefix(head, []byte(f.head)) {
			return nil, errors.New(f.what)
		}
	}
	return b, nil
}

// oldLines says that the lines of a file end in CR alone, as on a Macintosh of old, if the first one goes on behind a CR that
// stands in no quotes.
func oldLines(first string) error {
	quoted := false
	for _, b := range []byte(strings.TrimRight(first, "\r")) {
		if b == '"' {
			quoted = !quoted
		} else if b == '\r' && !quoted {
			return errors.New("its lines end in CR alone; save it with LF, or CR LF")
		}
	}
	return nil
}
