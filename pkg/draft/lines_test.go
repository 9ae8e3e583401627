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
		"a,b|1,2|3,4|5,6":                       {},
		"# made today|a,b|1,2|3,4":              {Comment: "#"},
		"#a,b|1,2|3,4|5,6":                      {},
		"# made, today, by me|#a,b|1,2|3,4":     {SkipRows: 1},
		"Report|by hand|a;b|1,5;2|3;4":          {SkipRows: 2},
		"Report|a;b|1;2":                        {}, // too few rows to be sure
		"a|1|2|3":                               {},
		"the first|x,y|and|two,commas,here|,":   {},
		"# nothing else":                        {},
		"Sales 2024,,,|a,b,c,d|1,2,3,4|5,6,7,8": {SkipRows: 1},
		"Sales;;|;;|a;b;c|1;2;3|4;5;6":          {SkipRows: 2},
		"a,,|1,2,3|4,5,6|7,8,9":                 {SkipRows: 1},
		"sep=;|Sales;;|;;|a;b;c|1;2;3|4;5;6":    {SkipRows: 3},
		"sep=;|a;b;c|1;2;3|4;5;6|7;8;9":         {},
		"sep=;|Sales|a;b|1,5;2|3;4":             {SkipRows: 2},
		"sep=;|# by hand|a;b|1;2|3;4":           {Comment: "#"},
		"a,b,|1,2,3|4,5,6|7,8,9":                {},
	} {
		if got := before(strings.Split(text, "|")); got != want {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}

// An export of Excel names the delimiter, and has padded titles and an empty line before the header.
func TestTitlesAfterSep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "german.csv")
	text := "sep=;\r\nUmsatzbericht 2023;;\r\n;;\r\n\r\nErstellt am 01.02.2024;;\r\nDatum;Filiale;Umsatz\r\n01.01.2023;Ulm;1,5\r\n02.01.2023;Bonn;2,5\r\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if s, err := surround(file); err != nil || s.Lines != (record.Lines{SkipRows: 5}) {
		t.Errorf("%+v, %v", s, err)
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

// Quotes behind a backslash are told from folders of Windows and from doubled quotes.
func TestEscapes(t *testing.T) {
	for line, want := range map[string]bool{
		`1,"say \"hi\"",2`: true, `"a \"b\" c";1`: true, `"C:\dir\",2`: false, `1,"C:\dir\"`: false, `1,"say ""hi""",2`: false, `1,a\"b,2`: false, `"a\\ \"b\"",1`: true,
	} {
		if escapes(line) != want {
			t.Errorf("%s: %v", line, !want)
		}
	}
}
