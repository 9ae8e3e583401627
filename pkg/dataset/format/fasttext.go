package format

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("fasttext", "a text on each line, behind its labels", &FastText{}).
		Also("labeled_text", "label_text", "libshorttext")
}

// FastText reads texts with labels, one on each line, as fastText writes them: words that begin with the prefix are labels, all others
// are the text.
//
//	__label__sauce __label__cheese How much does potato starch affect a cheese sauce recipe?
//
// With prefix: "" the first word of each line is its label, up to a space or a tab, and the rest is the text. The columns are label and
// text; several labels have | between them, as type: labels reads them. A line without a label has a gap there, so that lines to predict
// need none, unless the prefix is "". Empty lines are skipped. Files are UTF-8 and may be gzipped.
type FastText struct {
	Files          `spec:",inline"`
	Prefix         string `json:"prefix" default:"__label__" doc:"what labels begin with; \"\": the first word of a line is its label"`
	record.Encoded `spec:",inline"`
}

// The columns.
const (
	labelColumn    = "label"
	labelSeparator = "|"
)

// CheckSpec checks the encoding and the prefix.
func (f *FastText) CheckSpec(path string, p *spec.Problems) {
	f.Files.CheckSpec(path, p)
	f.CheckEncoding(path, p)
	if strings.ContainsAny(f.Prefix, " \t\r\n") {
		p.Add(path+".prefix", "has a space in it, and labels are words; got %q", f.Prefix)
		f.Prefix = "__label__"
	}
}

// Extensions are none: a file ending in .txt may hold anything.
func (f *FastText) Extensions() []string { return nil }

// GapWords are none: all words are text.
func (f *FastText) GapWords() []string { return nil }

func (f *FastText) Read(src Source, split string) *table.Table {
	return readRecords(f, &f.Files, src, split)
}

func (f *FastText) Records(r io.Reader, _ string) (record.Reader, error) {
	lines, ok := r.(lineSource)
	if !ok {
		lines = bufio.NewReaderSize(r, record.ReadBuffer)
	}
	return &labeledLines{lines: lines, prefix: f.Prefix}, nil
}

// lineSource gives lines as they come.
type lineSource interface {
	ReadSlice(end byte) ([]byte, error)
}

// longestText is how many bytes a line may have.
const longestText = 64 << 20

// labeledLines reads such lines.
type labeledLines struct {
	lines  lineSource
	prefix string
	line   int
	text   []byte
	fields [2]string
}

// Header names the columns.
func (l *labeledLines) Header() []string { return []string{labelColumn, TextColumn} }

// Next returns the labels and the text of the next line.
func (l *labeledLines) Next() ([]string, int, error) {
	for {
		l.text = l.text[:0]
		part, err := l.lines.ReadSlice('\n')
		for ; err == bufio.ErrBufferFull; part, err = l.lines.ReadSlice('\n') {
			if l.text = append(l.text, part...); len(l.text) > longestText {
				return nil, 0, fmt.Errorf("line %d has more than %d MB", l.line+1, longestText>>20)
			}
		}
		if l.text = append(l.text, part...); len(l.text) == 0 {
			return nil, 0, err
		}
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		l.line++
		if text := strings.TrimSpace(string(l.text)); text != "" {
			l.split(text)
			return l.fields[:], l.line, nil
		}
	}
}

// split sets the fields.
func (l *labeledLines) split(text string) {
	if l.prefix == "" {
		label, rest := text, ""
		if at := strings.IndexAny(text, " \t"); at > 0 {
			label, rest = text[:at], strings.TrimSpace(text[at:])
		}
		l.fields = [2]string{label, rest}
		return
	}
	var labels, words []string
	for _, word := range strings.Fields(text) {
		if label, ok := strings.CutPrefix(word, l.prefix); ok && label != "" {
			labels = append(labels, label)
		} else {
			words = append(words, word)
		}
	}
	l.fields = [2]string{strings.Join(labels, labelSeparator), strings.Join(words, " ")}
}
