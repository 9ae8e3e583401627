package cli

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"dnn/pkg/dataset"
)

// stdin is what messages call standard input.
const stdin = "standard input"

// inputFlags say in which form rows come.
type inputFlags struct {
	format    string
	delimiter string
	prompt    bool // rows are wanted as they come
}

func (f *inputFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.format, "input-format", "", "form of the input: csv, tsv or jsonl (default: by the file's name and its first byte, else as the training data)")
	cmd.Flags().StringVar(&f.delimiter, "delimiter", "", "the character between the fields of CSV input, for example ';' or tab (default: as the training data)")
	cmd.RegisterFlagCompletionFunc("input-format", cobra.FixedCompletions([]string{"csv", "tsv", "jsonl"}, cobra.ShellCompDirectiveNoFileComp))
}

// input is a source of rows.
type input struct {
	io.Reader
	file any    // what the rows are read from, an *os.File or whatever stands for standard input
	name string // for messages
	form string // what the user or the first byte says; "" where the name or the training data does
	done func()
}

// open opens the file that an argument names, "-" for standard input, and tells JSON Lines from other forms.
func (f *inputFlags) open(a *app, arg string) (*input, error) {
	in := &input{Reader: a.in, file: a.in, name: stdin, done: func() {}}
	if arg == "-" {
		if isTerminal(a.in) {
			a.note("reading rows from the terminal; end with Ctrl-D")
		}
	} else {
		file, err := os.Open(arg)
		if err != nil {
			return nil, bad(err)
		}
		in = &input{Reader: file, file: file, name: arg, done: func() { file.Close() }}
	}
	in.Reader, in.form = sniff(in.Reader, arg, f.format)
	return in, nil
}

// stream reads the rows as those of a schema.
func (f *inputFlags) stream(in *input, s *dataset.Schema, withTarget bool) (*dataset.Stream, error) {
	stream, err := s.Open(in, in.name, dataset.StreamOptions{Format: in.form, Delimiter: f.character(), WithTarget: withTarget, Prompt: f.prompt && !in.isWhole()})
	var other *dataset.DelimiterError
	switch {
	case err == nil:
		return stream, nil
	case errors.As(err, &other) && other.Found == '\t':
		return nil, bad(fmt.Errorf("%w; is it TSV? then --input-format tsv", err))
	case errors.As(err, &other) && other.Want == '\t':
		return nil, bad(fmt.Errorf("%w; is it CSV? then --input-format csv%s", err, delimiterFlag(other.Found)))
	case errors.As(err, &other):
		return nil, bad(fmt.Errorf("%w; is the delimiter another? then%s", err, delimiterFlag(other.Found)))
	}
	return nil, bad(err)
}

// isWhole reports whether all rows are there: they lie in a file, and no other program is still writing them into a pipe.
func (in *input) isWhole() bool {
	f, ok := in.file.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// character is the delimiter that was asked for.
func (f *inputFlags) character() string {
	if f.delimiter == "tab" || f.delimiter == `\t` {
		return "\t"
	}
	return f.delimiter
}

// tellUnseen warns of words that training never saw: a slip, a new spelling, or a column of other things.
// It also warns of sequences that were cut.
func (a *app) tellUnseen(s *dataset.Stream) {
	a.tellCut(s.Cut())
	a.tellAbsent(s.Absent())
	rows, columns := s.Unseen()
	if rows == 0 {
		return
	}
	var list []string
	for _, c := range columns {
		list = append(list, fmt.Sprintf("%s: %s", c.Column, count(c.Rows)))
	}
	fmt.Fprintf(a.err, "warning: %s with words that training never saw (%s)\n", plural(rows, "row"), listShort(list, 10))
}

// tellAbsent warns of keys that objects of JSON Lines lacked: perhaps they are written in another way.
func (a *app) tellAbsent(absent []dataset.Absent) {
	var all, some []string
	for _, c := range absent {
		if c.All {
			all = append(all, c.Column)
		} else {
			some = append(some, fmt.Sprintf("%s (%s, the first in line %d)", c.Column, plural(c.Rows, "row"), c.Line))
		}
	}
	if len(all) > 0 {
		fmt.Fprintf(a.err, "warning: no row has the %s %s; the net got what fills a gap\n", choose(len(all) == 1, "key", "keys"), listShort(all, 10))
	}
	if len(some) > 0 {
		fmt.Fprintf(a.err, "warning: some rows lack the %s %s; the net got what fills a gap\n", choose(len(some) == 1, "key", "keys"), listShort(some, 10))
	}
}

// tellCut warns of sequences that were cut.
func (a *app) tellCut(c dataset.Cut) {
	if c.Rows > 0 {
		fmt.Fprintf(a.err, "warning: %s with more than %s steps in %s; the net did not see the others (%s)\n", plural(c.Rows, "row"), count(c.Steps), c.Column, c.Why)
	}
}

// delimiterFlag is the flag for a delimiter, "" for that of all CSV.
func delimiterFlag(r rune) string {
	if r == ',' {
		return ""
	}
	return " --delimiter " + shellWord(string(r))
}

// sniff tells JSON Lines by the first byte where neither the user nor the file's name says what the rows are.
func sniff(in io.Reader, name, asked string) (io.Reader, string) {
	if asked != "" || endsIn(name, "csv", "tsv", "tab", "jsonl", "ndjson") {
		return in, asked
	}
	b := bufio.NewReaderSize(in, 64<<10)
	if head, _ := b.Peek(2); string(head) == "\x1f\x8b" {
		z, err := gzip.NewReader(b)
		if err != nil {
			return b, "" // the reader will say so
		}
		b = bufio.NewReaderSize(z, 64<<10)
	}
	for size := 1; size <= 4096; size = max(size+1, b.Buffered()) { // rows may come one by one
		head, err := b.Peek(size)
		text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n")
		if text != "" && text[0] < utf8.RuneSelf || err != nil || len(text) > 3 {
			if strings.HasPrefix(text, "{") {
				return b, "jsonl"
			}
			break
		}
	}
	return b, ""
}

// endsIn reports whether a file's name has one of the endings, .gz taken off.
func endsIn(name string, endings ...string) bool {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	for _, e := range endings {
		if strings.HasSuffix(name, "."+e) {
			return true
		}
	}
	return false
}
