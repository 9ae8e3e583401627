package dates

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"dnn/internal/phrase"
	"dnn/internal/regular"
	"dnn/pkg/dataset/record"
	"dnn/pkg/spec"
)

// Calendar lists the parts of the calendar that become columns: cycles, those with OneHot, and HolidayColumn.
type Calendar []string

// UnmarshalSpec reads a name, or a list of names and mappings such as {weekday: one_hot}.
func (c *Calendar) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok {
		*c = Calendar{text}
		return
	}
	var list []calendarPart
	n.Into(&list, p)
	*c = nil
	for _, part := range list {
		*c = append(*c, string(part))
	}
}

// MarshalSpec writes the list.
func (c Calendar) MarshalSpec() any {
	list := make([]calendarPart, len(c))
	for i, part := range c {
		list[i] = calendarPart(part)
	}
	return list
}

// DescribeSpec says what the setting takes.
func (Calendar) DescribeSpec() string { return "text | list" }

// calendarPart is a name, or a mapping of a name to one_hot.
type calendarPart string

// UnmarshalSpec reads what was given.
func (c *calendarPart) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok {
		*c = calendarPart(text)
		return
	}
	var form map[string]string
	n.Into(&form, p)
	for name, how := range form {
		if len(form) > 1 || how != strings.TrimPrefix(OneHot, ":") {
			p.Add(n.Path, "expected a name, or a name with one_hot, as in {weekday: one_hot}")
			break
		}
		*c = calendarPart(name + OneHot)
	}
}

// MarshalSpec writes a name, or a mapping of it to one_hot.
func (c calendarPart) MarshalSpec() any {
	if name, oneHot := strings.CutSuffix(string(c), OneHot); oneHot {
		return map[string]string{name: strings.TrimPrefix(OneHot, ":")}
	}
	return string(c)
}

// DescribeSpec says what the setting takes.
func (calendarPart) DescribeSpec() string { return "text | mapping" }

// Holidays are days: a list of dates, or a file of them.
type Holidays struct {
	Dates []string
	File  string
}

// UnmarshalSpec reads a list of dates or the name of a file.
func (h *Holidays) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	*h = Holidays{}
	if text, ok := n.Scalar(); ok {
		h.File = text
		return
	}
	var words []spec.Word
	n.Into(&words, p)
	for _, w := range words {
		h.Dates = append(h.Dates, string(w))
	}
	if _, err := Days(h.Dates); err != nil {
		p.Add(n.Path, "%v", err)
	}
}

// MarshalSpec writes what was given.
func (h Holidays) MarshalSpec() any {
	switch {
	case h.Dates != nil:
		return h.Dates
	case h.File != "":
		return h.File
	}
	return nil
}

// DescribeSpec says what the setting takes.
func (Holidays) DescribeSpec() string { return "text | list of texts" }

// Given reports whether there are any.
func (h *Holidays) Given() bool { return h.File != "" || h.Dates != nil }

// Days writes dates of one form as 2024-12-25.
func Days(dates []string) ([]string, error) {
	at, how, err := ReadTimestamps(ColumnOf("holidays: date", dates), nil, "", "")
	switch {
	case len(dates) == 0:
		return nil, nil
	case err != nil && err.Forms != nil:
		return nil, fmt.Errorf("day and month of %s may be mistaken; write dates as 2024-12-25", phrase.Quote(dates[err.Row]))
	case err != nil:
		return nil, fmt.Errorf("%s is no date like the others", phrase.Quote(dates[err.Row]))
	case how.Layout == "":
		return nil, fmt.Errorf("%s is no date; write dates as 2024-12-25", phrase.Quote(dates[0]))
	}
	list := make([]string, len(at))
	for i := range at {
		list[i] = time.Unix(int64(at[i]), 0).UTC().Format(time.DateOnly)
	}
	return list, nil
}

// longestHolidays is how many bytes a file of holidays has at most.
const longestHolidays = 1 << 20

// ReadDays reads a file with a date on each line. The first line may be a header, and lines that begin with # are comments.
func ReadDays(path string, digest func(sum []byte)) ([]string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, errors.New(record.FileError(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	sum := sha256.New()
	defer func() { digest(sum.Sum(nil)) }()
	text, err := record.Unpack(io.TeeReader(f, sum))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var dates []string
	lines := bufio.NewScanner(io.LimitReader(text, longestHolidays+1))
	for size := 0; lines.Scan(); {
		if size += len(lines.Bytes()) + 1; size > longestHolidays {
			return nil, fmt.Errorf("%s: more than %d bytes; expects a date on each line", path, longestHolidays)
		}
		field, _, _ := strings.Cut(lines.Text(), ",")
		if field = strings.Trim(field, " \t\r\""); field != "" && !strings.HasPrefix(field, "#") {
			dates = append(dates, field)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("%s: a line of more than %d bytes; expects a date on each line", path, bufio.MaxScanTokenSize)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(dates) > 1 && !DateOrTime.MatchString(dates[0]) {
		dates = dates[1:]
	}
	list, err := Days(dates)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}
