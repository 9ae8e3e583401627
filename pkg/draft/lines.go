package draft

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/pkg/dataset/record"
)

// surroundings are what a file of rows holds besides rows, and how its bytes write letters.
type surroundings struct {
	record.Lines
	record.Encoded
}

// firstLines is how many lines at the beginning of a file are looked at, and oddBytes how much of its text that is not UTF-8.
const (
	firstLines = 60
	oddBytes   = 64 << 10
)

// surround finds them out.
func surround(file string) (s surroundings, err error) {
	f, err := os.Open(file)
	if err != nil {
		return s, err
	}
	defer f.Close()
	text, err := record.Unpack(f)
	if err != nil {
		return s, err
	}
	var lines []string
	var numbers []int // of the lines in the file: empty ones are left out
	var odd strings.Builder
	escaped := false
	for n := 1; err != io.EOF; n++ {
		var line string
		if line, err = readLine(text); err == errLong {
			return s, fmt.Errorf("line %d has %w", n, err)
		} else if err != nil && err != io.EOF {
			return s, err
		}
		if odd.Len() < oddBytes && !utf8.ValidString(line) {
			odd.WriteString(line)
		}
		line = strings.TrimRight(line, "\r\n")
		escaped = escaped || escapes(line)
		if len(lines) < firstLines && line != "" {
			lines, numbers = append(lines, line), append(numbers, n)
		}
	}
	if odd.Len() > 0 && !strings.ContainsRune(odd.String(), 0) {
		s.Encoding = record.FitEncoding(odd.String())
	}
	if s.Lines = before(lines); s.SkipRows > 0 {
		s.SkipRows = numbers[s.SkipRows-1]
	}
	if escaped {
		s.Escape = `\`
	}
	return s, nil
}

// errLong ends a line that is longer than any that is read later.
var errLong = fmt.Errorf("more than %s; is the file a text table?", record.DefaultLimit)

// readLine returns the next line with its end. The last one, which may lack it, comes with io.EOF.
func readLine(text *bufio.Reader) (string, error) {
	piece, err := text.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return string(piece), err
	}
	line := slices.Clone(piece)
	for err == bufio.ErrBufferFull {
		if float64(len(line)) > record.DefaultLimit.MaxLine*1e6 {
			return "", errLong
		}
		piece, err = text.ReadSlice('\n')
		line = append(line, piece...)
	}
	return string(line), err
}

// before finds the lines before the header: comments, or a title. A line sep=; is one of those to skip only if a title follows.
func before(lines []string) (found record.Lines) {
	if len(lines) > 0 && record.SepLine(lines[0]) != 0 {
		if found = before(lines[1:]); found.SkipRows > 0 {
			found.SkipRows++
		}
		return found
	}
	n := 0
	for n < len(lines) && strings.HasPrefix(lines[n], "#") {
		n++
	}
	if n == 0 {
		found.SkipRows = titles(lines)
		return found
	}
	if n == len(lines) {
		return found
	}
	own := lines[n-1]
	switch d := frequent(lines[n]); {
	case d == 0 || strings.Count(own, d.String()) != strings.Count(lines[n], d.String()):
		found.Comment = "#"
	case n > 1: // the last one is the header
		found.SkipRows = n - 1
	}
	return found
}

// delimiter is a character between fields; 0 for none.
type delimiter rune

func (d delimiter) String() string { return string(rune(d)) }

// frequent is the most frequent delimiter of a line.
func frequent(line string) (best delimiter) {
	most := 0
	for _, d := range ",;\t|" {
		if n := strings.Count(line, string(d)); n > most {
			best, most = delimiter(d), n
		}
	}
	return best
}

// titles counts the lines without a delimiter, or padded with them, before at least three that all have the same number of them.
func titles(lines []string) int {
	if len(lines) < 4 {
		return 0
	}
	d := frequent(lines[len(lines)-1])
	if d == 0 {
		return 0
	}
	n := 0
	for n < len(lines) && (frequent(lines[n]) == 0 || padded(lines[n], d)) {
		n++
	}
	if n == 0 || len(lines)-n < 3 {
		return 0
	}
	for _, line := range lines[n:] {
		if strings.Count(line, d.String()) != strings.Count(lines[n], d.String()) {
			return 0
		}
	}
	return n
}

// escapedQuote is a quote behind a backslash within quotes: what follows is neither a delimiter nor the end of the line, as it is behind
// a folder of Windows.
var escapedQuote = regexp.MustCompile(`(^|[,;\t|])"([^"\\]|\\[^"]|"")*\\"[^,;\t|"]`)

// escapes reports whether a line marks quotes in fields with a backslash.
func escapes(line string) bool { return strings.Contains(line, `\"`) && escapedQuote.MatchString(line) }

// padded reports whether a line has but one field, and several delimiters around it, as spreadsheets write titles.
func padded(line string, d delimiter) bool {
	filled := 0
	for field := range strings.SplitSeq(line, d.String()) {
		if strings.Trim(field, " \"") != "" {
			filled++
		}
	}
	return filled <= 1 && strings.Count(line, d.String()) > 1
}

// reader is the text of a file as it is read with these settings.
func (s *surroundings) reader(r io.Reader) (*bufio.Reader, error) {
	text, err := record.Unpack(r)
	if err != nil {
		return nil, err
	}
	return bufio.NewReader(s.Decode(text)), nil
}

// write adds the settings to a page.
func (s *surroundings) write(p *page) {
	if s.Encoding != "" {
		p.add("encoding: %s", s.Encoding).note("the bytes are not UTF-8; look whether the letters are right")
	}
	if s.SkipRows > 0 {
		p.add("skip_rows: %d", s.SkipRows).note("lines before the header")
	}
	if s.Escape != "" {
		p.add("escape: %q", s.Escape).note("what follows it is part of a field")
	}
	if s.Comment != "" {
		p.add("comment: %q", s.Comment).note("lines that begin so are no rows")
	}
}
