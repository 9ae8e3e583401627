package lint

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unclean are the packages and documents whose texts still use words that CONTRIBUTING.md advises against. The list only gets shorter.
var unclean []string

// TestWords holds messages, doc comments and documents to the table of words in CONTRIBUTING.md.
func TestWords(t *testing.T) {
	rules := readWords(t)
	found := map[string]int{}
	look := func(place, pkg, text string) {
		for _, r := range rules {
			if word := r.find(pkg, text); word != "" {
				if found[pkg]++; !slices.Contains(unclean, pkg) {
					t.Errorf("%s: %q: write %s (the table of words in CONTRIBUTING.md)", place, word, r.use)
				}
			}
		}
	}
	for _, s := range files(t, program) {
		s.texts(func(n ast.Node, text string) { look(s.at(n), s.room, text) })
	}
	for name, text := range documents(t) {
		for i, line := range strings.Split(text, "\n") {
			look(name+":"+strconv.Itoa(i+1), name, line)
		}
	}
	for _, pkg := range unclean {
		if found[pkg] == 0 {
			t.Errorf("%s is clean now: take it off the list", pkg)
		}
	}
}

// words is one row of the table.
type words struct {
	use     string
	not     *regexp.Regexp
	phrases []string // in which a word is right
	rooms   []string // where it means something else
}

// find returns the first word that a text should not use, or "".
func (w *words) find(room, text string) string {
	if slices.ContainsFunc(w.rooms, (&source{room: room}).inside) {
		return ""
	}
	for _, p := range w.phrases {
		text = strings.ReplaceAll(text, p, "")
	}
	return w.not.FindString(text)
}

// inside reports whether a file lies in a room or below it.
func (s *source) inside(room string) bool { return s.under(room) }

const tableBegin, tableEnd = "<!-- words: begin -->", "<!-- words: end -->"

// readWords reads the table of words. Words in italics are for people alone.
func readWords(t *testing.T) (rules []words) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), tableBegin)
	table, _, _ = strings.Cut(table, tableEnd)
	for _, line := range strings.Split(table, "\n") {
		cells := strings.Split(strings.Trim(line, "| "), "|")
		if len(cells) < 2 || strings.HasPrefix(line, "|---") || strings.HasPrefix(line, "| use") {
			continue
		}
		rule := words{use: strings.TrimSpace(cells[0])}
		var not []string
		for word := range list(cells[1]) {
			if !strings.HasPrefix(word, "*") {
				not = append(not, regexp.QuoteMeta(word))
			}
		}
		if len(cells) > 2 {
			for entry := range list(cells[2]) {
				if room, ok := strings.CutPrefix(entry, "`"); ok {
					rule.rooms = append(rule.rooms, strings.TrimSuffix(room, "`"))
				} else {
					rule.phrases = append(rule.phrases, entry)
				}
			}
		}
		if len(not) > 0 {
			rule.not = regexp.MustCompile(`(?i)\b(` + strings.Join(not, "|") + `)\b`)
			rules = append(rules, rule)
		}
	}
	if len(rules) < 10 {
		t.Fatalf("only %d rows of words were found in CONTRIBUTING.md: the rule is out of date", len(rules))
	}
	return rules
}

// list yields the entries of a cell, which commas separate.
func list(cell string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for entry := range strings.SplitSeq(cell, ",") {
			if entry = strings.TrimSpace(entry); entry != "" && !yield(entry) {
				return
			}
		}
	}
}

// texts calls found for each doc comment without its first word, which is a name; for each explanation in a struct tag; and
// for each string of several words, which is a message.
func (s *source) texts(found func(n ast.Node, text string)) {
	comment := func(c *ast.CommentGroup) {
		if words := strings.Fields(c.Text()); len(words) > 0 {
			found(c, strings.Join(words[1:], " "))
		}
	}
	tags := map[*ast.BasicLit]bool{}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.File:
			comment(n.Doc)
		case *ast.GenDecl:
			comment(n.Doc)
		case *ast.FuncDecl:
			comment(n.Doc)
		case *ast.TypeSpec:
			comment(n.Doc)
		case *ast.ValueSpec:
			comment(n.Doc)
		case *ast.Field:
			comment(n.Doc)
			if n.Tag != nil {
				tags[n.Tag] = true
				tag, _ := strconv.Unquote(n.Tag.Value)
				found(n.Tag, reflect.StructTag(tag).Get("doc"))
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING || tags[n] {
				return true
			}
			if text, _ := strconv.Unquote(n.Value); strings.Contains(text, " ") {
				found(n, strings.Join(strings.Fields(text), " "))
			}
		}
		return true
	})
}

// documents reads what is written for people: the pages at the root and in docs, and the comments of specs. It leaves out the
// reference, which is written from the packages, and the changelog, which names what was renamed.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, glob := range []string{"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/*.md", "docs/examples/*.*", "configs/*.yaml"} {
		names, _ := filepath.Glob(filepath.Join(root, glob))
		if len(names) == 0 {
			t.Errorf("there is no %s: the rule is out of date", glob)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			before, table, _ := strings.Cut(string(text), tableBegin)
			_, after, _ := strings.Cut(table, tableEnd)
			rel, _ := filepath.Rel(root, name)
			texts[filepath.ToSlash(rel)] = before + after
		}
	}
	return texts
}

// TestWordsAreSeen tries the rule on texts with and without such words.
func TestWordsAreSeen(t *testing.T) {
	rule := words{"image", regexp.MustCompile(`(?i)\b(picture|pictures)\b`), []string{"the big picture"}, []string{"pkg/film"}}
	for _, c := range []struct{ room, text, want string }{
		{"pkg/model", "no Picture in the folder", "Picture"},
		{"pkg/model", "the big picture", ""},
		{"pkg/model", "the key picture_size", ""},
		{"pkg/film/reel", "a moving picture", ""},
		{"pkg/films", "pictures", "pictures"},
	} {
		if got := rule.find(c.room, c.text); got != c.want {
			t.Errorf("%s: %q: found %q, want %q", c.room, c.text, got, c.want)
		}
	}
}
