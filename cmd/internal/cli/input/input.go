// Package input opens what commands read: rows of a file or of standard input, images, and folders of them.
package input

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/parquet"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/spec"
)

// Stdin is what messages call standard input.
const Stdin = "standard input"

// Flags say in which format rows come.
type Flags struct {
	Format    string
	Delimiter string
	Prompt    bool // rows are predicted as they arrive
}

// Add adds --input-format and --delimiter.
func (f *Flags) Add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.Format, "input-format", "", "format of the input: csv, tsv, jsonl or parquet (default: from the file name or the first byte, else that of the training data)")
	cmd.Flags().StringVar(&f.Delimiter, "delimiter", "", "field delimiter of CSV input, such as ';' or tab (default: that of the training data)")
	flags.Complete(cmd, "input-format", []string{"csv", "tsv", "jsonl", "parquet"})
}

// Given reports whether any of the flags is set.
func (f *Flags) Given() bool { return f.Format != "" || f.Delimiter != "" }

// Input is a source of rows.
type Input struct {
	io.Reader
	File   any    // an *os.File, or what replaces standard input
	Name   string // for messages
	Format string // as the user or the first byte tells; "" where the file name or the training data decides
	Close  func()
}

// Open opens the file that an argument names, "-" for standard input, and recognizes JSON Lines.
func (f *Flags) Open(t *term.Terminal, arg string) (*Input, error) {
	in := &Input{Reader: t.In, File: t.In, Name: Stdin, Close: func() {}}
	if arg == "-" {
		if term.Is(t.In) {
			t.Note("reading rows from the terminal; end with Ctrl-D")
		}
	} else {
		file, err := os.Open(arg)
		if err != nil {
			return nil, exit.Bad(err)
		}
		in = &Input{Reader: file, File: file, Name: arg, Close: func() { file.Close() }}
	}
	in.Reader, in.Format = sniff(in.Reader, arg, f.Format)
	return in, nil
}

// Stream reads the rows as those of a schema.
func (f *Flags) Stream(in *Input, s *dataset.Schema, withTarget bool) (*stream.Stream, error) {
	file, _ := in.File.(*os.File)
	st, err := stream.Open(s, in, in.Name, stream.Options{
		Format: in.Format, Delimiter: f.Character(), WithTarget: withTarget, Prompt: f.Prompt && !in.isWhole(), File: file,
	})
	var other *record.DelimiterError
	if errors.As(err, &other) && !f.Given() {
		if st := in.asTrained(s, withTarget); st != nil {
			return st, nil
		}
	}
	switch {
	case err == nil:
		return st, nil
	case errors.As(err, &other) && other.Found == '\t':
		return nil, exit.Bad(fmt.Errorf("%w; if it is TSV, use --input-format tsv", err))
	case errors.As(err, &other) && other.Want == '\t':
		return nil, exit.Bad(fmt.Errorf("%w; if it is CSV, use --input-format csv%s", err, delimiterFlag(other.Found)))
	case errors.As(err, &other):
		return nil, exit.Bad(fmt.Errorf("%w; if the delimiter differs, use%s", err, delimiterFlag(other.Found)))
	}
	return nil, exit.Bad(err)
}

// asTrained reads a file, whose name says otherwise, in the format of the training data, such as tabs in a file called .csv; nil if it
// is not in that one either.
func (in *Input) asTrained(s *dataset.Schema, withTarget bool) *stream.Stream {
	file, ok := in.File.(*os.File)
	if !ok || !in.isWhole() || s.Format.Format == nil {
		return nil
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil
	}
	st, err := stream.Open(s, file, in.Name, stream.Options{Format: spec.KeyOf(s.Format.Format), WithTarget: withTarget, File: file})
	if err != nil {
		return nil
	}
	return st
}

// isWhole reports whether the input is a file, not a pipe that another program still writes to.
func (in *Input) isWhole() bool {
	f, ok := in.File.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// Character is the delimiter that the user asked for.
func (f *Flags) Character() string {
	if f.Delimiter == "tab" || f.Delimiter == `\t` {
		return "\t"
	}
	return f.Delimiter
}

// delimiterFlag is the flag for a delimiter, "" for a comma.
func delimiterFlag(r rune) string {
	if r == ',' {
		return ""
	}
	return " --delimiter " + output.ShellWord(string(r))
}

// sniff recognizes JSON Lines by the first byte where neither the user nor the file name tells the format.
func sniff(in io.Reader, name, asked string) (io.Reader, string) {
	if asked != "" || HasExt(name, "csv", "tsv", "tab", "jsonl", "ndjson", "json", "parquet", "pq") {
		return in, asked
	}
	b := bufio.NewReaderSize(in, 64<<10)
	b, err := record.Decompress(b)
	if err != nil {
		return b, "" // the reader will say so
	}
	if head, _ := b.Peek(1); string(head) == parquet.Magic[:1] {
		if head, _ := b.Peek(len(parquet.Magic)); string(head) == parquet.Magic {
			return b, "parquet"
		}
	}
	for size := 1; size <= 4096; size = max(size+1, b.Buffered()) { // rows may come one by one
		head, err := b.Peek(size)
		text := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), " \t\r\n")
		if text != "" && text[0] < utf8.RuneSelf || err != nil || len(text) > 3 {
			if text != "" && (text[0] == '{' || arrayOfObjects.MatchString(text)) {
				return b, "jsonl"
			}
			break
		}
	}
	return b, ""
}

// arrayOfObjects is how a JSON array of objects begins.
var arrayOfObjects = regexp.MustCompile(`^\[\s*(\{|$)`)

// HasExt reports whether a file name has one of the extensions, before that of a compression.
func HasExt(name string, extensions ...string) bool {
	name = record.Uncompressed(strings.ToLower(name))
	for _, e := range extensions {
		if strings.HasSuffix(name, "."+e) {
			return true
		}
	}
	return false
}
