package corpus

import (
	"bytes"
	"compress/gzip"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// all reads a text in one piece for each section.
func all(t *testing.T, text *Text, cuts []int) (sections []string) {
	t.Helper()
	for p, err := range text.Pieces(cuts) {
		if err != nil {
			t.Fatal(err)
		}
		for len(sections) <= p.Section {
			sections = append(sections, "")
		}
		sections[p.Section] += p.Text
	}
	return sections
}

// TestPieces: pieces are the document, whole characters each, and begin with the white space after a word if there is any.
func TestPieces(t *testing.T) {
	words := strings.Repeat("wörd ü  \r\n日本", 3*pieceBytes/20)
	for name, text := range map[string]string{"words": words, "no space": strings.Repeat("日", pieceBytes), "short": "a b", "mark": "\ufeffa b"} {
		d := Document{Name: name, Data: []byte(text)}
		got, n := "", 0
		for piece, err := range d.pieces(nil) {
			if err != nil {
				t.Fatal(name, err)
			}
			before, _ := utf8.DecodeLastRuneInString(got)
			first, _ := utf8.DecodeRuneInString(piece)
			if name == "words" && n > 0 && (unicode.IsSpace(before) || !unicode.IsSpace(first)) {
				t.Errorf("%s: a piece begins with %q after %q", name, first, before)
			}
			if !utf8.ValidString(piece) {
				t.Errorf("%s: a piece cuts a character", name)
			}
			got, n = got+piece, n+1
		}
		if got != strings.TrimPrefix(text, "\ufeff") {
			t.Errorf("%s: the pieces are another text", name)
		}
		if many := len(text) > 2*pieceBytes; many != (n > 1) {
			t.Errorf("%s: %d pieces of %d bytes", name, n, len(text))
		}
	}
}

// TestBadText: what is no text is told with its line, also far behind and at the end of a piece.
func TestBadText(t *testing.T) {
	for text, want := range map[string]string{
		"a\nb\xff c": "d:2: ",
		strings.Repeat("ab cd\n", pieceBytes) + "\xe6": "d:1048577: ",
	} {
		var told error
		Read([]Document{{Name: "d", Data: []byte(text)}}, func([]byte) {}, func(err error) { told = err }, func(string) {})
		if told == nil || !strings.HasPrefix(told.Error(), want) {
			t.Errorf("got %v, want %s", told, want)
		}
	}
}

// TestCuts: sections are cut at white space close by, or else where they are asked to end, and are the text again.
func TestCuts(t *testing.T) {
	for _, c := range []struct {
		text string
		cuts []int
		want []string
	}{
		{"one two three four", []int{5, 18}, []string{"one two", " three four"}},
		{"one two three four", []int{3, 13, 18}, []string{"one", " two three", " four"}},
		{"one two three four", []int{4, 5}, []string{"one two"}}, // nothing is left for the second
		{"ééééé", []int{3, 5}, []string{"ééé", "éé"}},
		{strings.Repeat("x", 900) + " y", []int{300, 902}, []string{strings.Repeat("x", 300), strings.Repeat("x", 600) + " y"}},
	} {
		text := Read([]Document{{Name: "d", Data: []byte(c.text)}}, func([]byte) {}, func(err error) { t.Error(err) }, func(string) {})
		if got := all(t, text, c.cuts); !slices.Equal(got, c.want) {
			t.Errorf("%q cut at %v is %q", c.text, c.cuts, got)
		}
	}
	two := Read([]Document{{Name: "a", Data: []byte("one two")}, {Name: "b", Data: []byte("three four")}}, func([]byte) {}, func(err error) { t.Error(err) }, func(string) {})
	if got := all(t, two, []int{12, 17}); two.Characters != 17 || !slices.Equal(got, []string{"one twothree", " four"}) {
		t.Errorf("%d characters, %q", two.Characters, got)
	}
}

// TestFind: a folder is its texts in the order of their names; what is no text file is refused.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "b"), 0o777)
	for _, name := range []string{"c.txt", "b/x.TXT", "a.txt.gz", "notes.md", ".hidden.txt"} {
		os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o666)
	}
	list, err := Find(dir)
	var names []string
	for _, d := range list {
		name, _ := filepath.Rel(dir, d.Name)
		names = append(names, filepath.ToSlash(name))
	}
	if want := []string{"a.txt.gz", "b/x.TXT", "c.txt"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%v, %v", names, err)
	}
	walk := texts()
	walk.Others = 999_998 // b, notes.md and what is hidden are three more
	if _, err := within(dir, walk); err == nil || !strings.Contains(err.Error(), "1,000,000 folders and files that are no texts") {
		t.Error(err)
	}
	if _, err := Find(filepath.Join(dir, "none")); err == nil {
		t.Error("no error of a missing file")
	}
	if _, err := Find(t.TempDir()); err == nil || !strings.Contains(err.Error(), "folder without texts") {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestChanged: a text that is another when it is read again is an error.
func TestChanged(t *testing.T) {
	name := filepath.Join(t.TempDir(), "d.txt")
	os.WriteFile(name, []byte("one two"), 0o666)
	text := Read([]Document{{Name: name}}, func([]byte) {}, func(err error) { t.Error(err) }, func(string) {})
	os.WriteFile(name, []byte("one two three"), 0o666)
	var last error
	for _, err := range text.Pieces(nil) {
		last = err
	}
	if last == nil || !strings.Contains(last.Error(), "has changed") {
		t.Errorf("got %v", last)
	}
}

// TestDigest: it is of the bytes on disk, so a zipped text has another.
func TestDigest(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte("one two"))
	w.Close()
	var sums []string
	for _, data := range [][]byte{[]byte("one two"), z.Bytes(), []byte("one two")} {
		text := Read([]Document{{Name: "d", Data: data}}, func(sum []byte) { sums = append(sums, string(sum)) }, func(err error) { t.Error(err) }, func(string) {})
		if text.Characters != 7 {
			t.Errorf("%d characters", text.Characters)
		}
	}
	if sums[0] == sums[1] || sums[0] != sums[2] {
		t.Errorf("digests %x", sums)
	}
}

// TestTokens: tokens are the same in memory and in a file, of two bytes and of four.
func TestTokens(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, vocabulary := range []int{1 << 16, 1<<16 + 1} {
		list := make([]uint32, 3*blockTokens+5)
		for i := range list {
			list[i] = r.Uint32N(uint32(vocabulary))
		}
		list[7] = uint32(vocabulary - 1)
		dir := t.TempDir()
		inMemory, filed := NewTokens(&Memory{Limit: 1e9}, vocabulary), NewTokens(&Memory{Limit: 1 << 20, Dir: dir}, vocabulary)
		for _, s := range []*Tokens{inMemory, filed} {
			s.Append(list[:100]...)
			s.Append(list[100:]...)
			if err := s.End(); err != nil || s.Len() != len(list) {
				t.Fatal(s.Len(), err)
			}
		}
		if inMemory.Filed() || !filed.Filed() {
			t.Fatal("not where they should be")
		}
		var raw []byte
		for _, at := range []int{0, 1, blockTokens - 3, 3*blockTokens - 1, len(list) - 7} {
			for _, s := range []*Tokens{inMemory, filed} {
				dst := make([]uint32, 6)
				if err := s.Read(dst, at, &raw); err != nil || !slices.Equal(dst, list[at:at+6]) {
					t.Errorf("vocabulary %d, filed %v, at %d: %v, %v", vocabulary, s.Filed(), at, dst, err)
				}
			}
		}
	}
	s := NewTokens(&Memory{Dir: os.DevNull}, 5)
	s.Append(1)
	if err := s.End(); err == nil || !strings.Contains(err.Error(), "the file of tokens in") {
		t.Errorf("a file in a device: %v", err)
	}
}
