package table

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"dnn/pkg/dataset/record"
)

// oddRows is a text of some megabytes with rows of all kinds.
func oddRows() string {
	var text strings.Builder
	text.WriteString("a,b,c\n")
	for i := range 90_000 {
		switch {
		case i%10_007 == 5:
			text.WriteString("1,2\n")
		case i%9_001 == 7:
			text.WriteString("1,x\"y,2\n")
		case i%977 == 3:
			fmt.Fprintf(&text, "%d,\"a\n\"\"%d\"\"\n\nb, c\",NA\r\n", i, i)
		case i%83 == 0:
			fmt.Fprintf(&text, "\n\n%d, ,-\n", i)
		default:
			fmt.Fprintf(&text, "%d,%d.%02d, wörter und 1e%d \n", i, i%700, i%100, i%9)
		}
	}
	text.WriteString("1,2,\"open\n3,4,5\n")
	return text.String()
}

// TestChunksAreTheRows: a file that is read in chunks, on any number of threads, is that which is read row by row.
func TestChunksAreTheRows(t *testing.T) {
	text := oddRows()
	open := func() record.Reader {
		rec, err := record.OpenDelimited(strings.NewReader(text), record.Header{}, record.Fields{Comma: ',', Quotes: true})
		if err != nil {
			t.Fatal(err)
		}
		return rec
	}
	var want, wrong []string
	var lines []int32
	clean := NewCleaner([]string{"NA"})
	for rec := open(); ; {
		fields, line, err := rec.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		for _, field := range fields {
			want = append(want, clean.Clean(field))
		}
		lines = append(lines, int32(line))
	}
	for _, threads := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(threads)
		made := &Table{}
		rec := open()
		kept := made.Keep(rec.Header(), func(string) bool { return true })
		var bad []string
		words := NewCleaner([]string{"NA", "-5"})
		err := made.Fill(rec, kept, words, func(string) bool { return false }, func(e *record.RowError) { bad = append(bad, e.Error()) })
		runtime.GOMAXPROCS(before)
		if err != nil || fmt.Sprint(bad) != fmt.Sprint(wrong) || fmt.Sprint(made.Lines) != fmt.Sprint(lines) || fmt.Sprint(words.Unused()) != "[-5]" {
			t.Fatalf("%d threads: %v, bad rows %v, want %v; or other lines", threads, err, bad, wrong)
		}
		for k, c := range made.Columns {
			c.Seal()
			for row := range int32(made.Rows) {
				if got := c.Field(row); got != want[int(row)*3+k] {
					t.Fatalf("%d threads: line %d: %q, want %q", threads, made.Lines[row], got, want[int(row)*3+k])
				}
			}
		}
	}
}
