package draft

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset/record"
)

// Lines before a header are comments or titles, but a header may itself begin as a comment does.
func TestLinesBeforeAHeader(t *testing.T) {
	for text, want := range map[string]record.Lines{
		"a,b|1,2|3,4|5,6":                     {},
		"# made today|a,b|1,2|3,4":            {Comment: "#"},
		"#a,b|1,2|3,4|5,6":                    {},
		"# made, today, by me|#a,b|1,2|3,4":   {SkipRows: 1},
		"Report|by hand|a;b|1,5;2|3;4":        {SkipRows: 2},
		"Report|a;b|1;2":                      {}, // too few rows to be sure
		"a|1|2|3":                             {},
		"the first|x,y|and|two,commas,here|,": {},
		"# nothing else":                      {},
	} {
		if got := before(strings.Split(text, "|")); got != want {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

// A line without an end is not read to its end.
func TestLongLines(t *testing.T) {
	file := filepath.Join(t.TempDir(), "zeros.csv")
	if err := os.WriteFile(file, []byte("a,b\n1,2\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, 1<<33); err != nil {
		t.Fatal(err)
	}
	if _, err := surround(file); err == nil || err.Error() != "line 3 has more than 64 MB; is the file a text table?" {
		t.Error(err)
	}
}
