package record

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"dnn/internal/phrase"
)

// Limit is the setting that bounds the length of lines.
type Limit struct {
	MaxLine float64 `json:"max_line" default:"64" range:"(0,2000]" doc:"MB that a line may have, or a row of several lines; a longer one is an error, since the file is hardly a table"`
}

// DefaultLimit is that of data without the setting, and of models of earlier versions.
var DefaultLimit = Limit{64}

// bytes is the most that a line may have.
func (l Limit) bytes() int { return int(l.MaxLine * 1e6) }

func (l Limit) String() string {
	if l.bytes() < 1e6 {
		return phrase.Count(l.bytes(), "byte")
	}
	return strconv.FormatFloat(l.MaxLine, 'g', 6, 64) + " MB"
}

// orDefault is the limit, if there is one.
func (l Limit) orDefault() Limit {
	if l.MaxLine > 0 {
		return l
	}
	return DefaultLimit
}

// lineReader reads the lines of a text.
type lineReader struct {
	b       *bufio.Reader
	limit   Limit
	numbers numbering // of the lines in the file
	count   int       // how many were read
	long    []byte    // one that is longer than the buffer
}

// next returns the next line without its end: LF, CR LF or the end of the text. It is valid until the next call.
func (l *lineReader) next() ([]byte, error) {
	line, err := l.b.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		l.long = append(l.long[:0], line...)
		for err == bufio.ErrBufferFull && len(l.long) <= l.limit.bytes() {
			line, err = l.b.ReadSlice('\n')
			l.long = append(l.long, line...)
		}
		line = l.long
	}
	l.count++
	n := len(line)
	switch {
	case n > 0 && line[n-1] == '\n':
		n--
	case err == io.EOF && n > 0:
	case err != nil && err != bufio.ErrBufferFull:
		return nil, err
	}
	if n > 0 && line[n-1] == '\r' {
		n--
	}
	if n > l.limit.bytes() {
		return nil, fmt.Errorf("line %d has more than %s, the most that max_line allows; is the file a text table?", l.numbers.of(l.count), l.limit)
	}
	return line[:n], nil
}
