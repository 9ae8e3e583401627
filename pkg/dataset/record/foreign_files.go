package record

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
)

// foreignHeads are the first bytes of files that are not text tables, and what the files are. The name of the file does
// not matter: a workbook renamed to .csv is still a workbook.
var foreignHeads = []struct{ head, what string }{
	{"PK\x03\x04", "is a zip archive, as Excel and LibreOffice workbooks are; save the sheet as CSV"},
	{"\xd0\xcf\x11\xe0", "is an old Excel workbook or another Office file; save the sheet as CSV"},
	{"PAR1", "is a Parquet file; end its name in .parquet"},
	{"SQLite format 3", "is an SQLite database; save the table as CSV"},
	{"%PDF", "is a PDF document, not a table"},
	{"\x89PNG", "is an image, not a table"},
	{"\xff\xd8\xff", "is an image, not a table"},
	{"BZh", "is compressed with bzip2; decompress it, or use gzip or zstd"},
	{"\xfd7zXZ", "is compressed with xz; decompress it, or use gzip or zstd"},
	{"<!DOCTYPE", "is a web page, not a table; download the file itself"},
	{"<!doctype", "is a web page, not a table; download the file itself"},
	{"<html", "is a web page, not a table; download the file itself"},
}

// text returns a reader for the text, or an error that says what the file is instead. It looks no further than the
// bytes that have arrived: a stream may bring its rows one by one.
func text(r io.Reader) (*bufio.Reader, error) {
	if a, ok := r.(*PromptReader); ok {
		r = a.Reader
	}
	b := bufio.NewReaderSize(r, ReadBuffer)
	b.Peek(1)
	head, _ := b.Peek(min(64, b.Buffered()))
	for _, f := range foreignHeads {
		if bytes.HasPrefix(head, []byte(f.head)) {
			return nil, errors.New(f.what)
		}
	}
	if what := zeros(head); what != "" {
		return nil, errors.New(what)
	}
	return b, nil
}

// zeros says what a text is that begins with zero bytes, or has one in each letter; "" for any other.
func zeros(head []byte) string {
	var at [4]int // by place among four bytes
	for i, b := range head {
		if b == 0 {
			at[i%4]++
		}
	}
	even, odd, most := at[0]+at[2], at[1]+at[3], len(head)/2
	switch {
	case len(head) < 4 || even+odd == 0:
		return ""
	case even+odd == len(head):
		return "begins with zero bytes and is no text; was it written to the end? Get it again"
	case bytes.HasPrefix(head, []byte{0xff, 0xfe, 0, 0}), bytes.HasPrefix(head, []byte{0, 0, 0xfe, 0xff}), (even+odd)*3 >= len(head)*2:
		return "seems to be UTF-32; save it as UTF-8"
	case odd*2 > most && even*4 < most:
		return "seems to be UTF-16 without a byte order mark; set encoding: utf-16le, or save it as UTF-8"
	case even*2 > most && odd*4 < most:
		return "seems to be UTF-16 without a byte order mark; set encoding: utf-16be, or save it as UTF-8"
	}
	return ""
}

// oldLines reports whether the lines of a file end in CR alone, as on old Macintoshes: the first line goes on after a
// CR outside quotes.
func oldLines(first string) error {
	quoted := false
	for _, b := range []byte(strings.TrimRight(first, "\r")) {
		if b == '"' {
			quoted = !quoted
		} else if b == '\r' && !quoted {
			return errors.New("its lines end in CR alone; save it with LF or CR LF")
		}
	}
	return nil
}

// FileError shortens "open x: no such file or directory" to "x: no such file or directory".
func FileError(err error) string {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Path + ": " + pe.Err.Error()
	}
	return err.Error()
}

// PlainError says what is wrong with a file, without its name.
func PlainError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
