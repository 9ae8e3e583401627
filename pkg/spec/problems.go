package spec

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
)

// Problem is one mistake in a spec.
type Problem struct {
	Path  string // layers[3].units; "" for the whole file
	Text  string // what is wrong
	AtKey bool   // the key is wrong, not its value: point at the key

	at    *Position // where Path does not tell it
	word  string    // that is unknown, where there is one
	meant string    // what is suggested instead
	cause string    // as Attribute found it
}

// Message is what is wrong, with what was meant and the cause where they are known.
func (q Problem) Message() string {
	if q.meant != "" {
		return q.Text + " (did you mean " + q.meant + "?)" + q.cause
	}
	return q.Text + q.cause
}

// Problems collects every mistake of a spec, so that all of them can be told at once. Packages add to it by path; the
// Document knows which line a path stands on.
type Problems struct {
	list []Problem

	at    map[string][]int // the mistakes at a path, of those that were looked for
	under map[string]bool  // the paths at or below which there are some
	known int              // how many mistakes these two know

	hints int // that DidYouMean was asked for
}

// index learns the paths of the latest mistakes, so that those of thousands of layers are found without a look at all others.
func (p *Problems) index() {
	if p.known == 0 {
		p.at, p.under = map[string][]int{}, map[string]bool{}
	}
	for ; p.known < len(p.list); p.known++ {
		path := p.list[p.known].Path
		p.at[path] = append(p.at[path], p.known)
		p.under[path] = true
		for i, c := range path {
			if c == '.' || c == '[' {
				p.under[path[:i]] = true
			}
		}
	}
}

// Add notes a mistake at path.
func (p *Problems) Add(path, format string, args ...any) {
	p.list = append(p.list, Problem{Path: path, Text: fmt.Sprintf(format, args...)})
}

// AddKey notes a mistake in the key at path rather than in its value.
func (p *Problems) AddKey(path, format string, args ...any) {
	p.list = append(p.list, Problem{Path: path, Text: fmt.Sprintf(format, args...), AtKey: true})
}

// Append takes over all mistakes that q holds.
func (p *Problems) Append(q *Problems) { p.list = append(p.list, q.list...) }

// Forget takes back all mistakes but the first n.
func (p *Problems) Forget(n int) { p.list, p.known = p.list[:n], 0 }

// Move lays the mistakes that were noted at one path at another.
func (p *Problems) Move(from, to string) {
	for i := range p.list {
		if p.list[i].Path == from {
			p.list[i].Path = to
		}
	}
	p.known = 0
}

// Rebase lays the mistakes that were noted at one path, or below it, at or below another.
func (p *Problems) Rebase(from, to string) {
	for i := range p.list {
		if within(p.list[i].Path, from) {
			p.list[i].Path = to + p.list[i].Path[len(from):]
		}
	}
	p.known = 0
}

// Suggest lets better replace what is suggested for the unknown words noted at path, by a caller that knows more.
func (p *Problems) Suggest(path string, better func(word, meant string) string) {
	p.index()
	for _, i := range p.at[path] {
		if q := &p.list[i]; q.meant != "" {
			q.meant = better(q.word, q.meant)
		}
	}
}

// Len is the number of mistakes noted so far.
func (p *Problems) Len() int { return len(p.list) }

// Many reports whether there are so many mistakes that nobody reads what further ones may have meant.
func (p *Problems) Many() bool { return len(p.list) > many }

const many = 200

// First is the mistake that was noted first; there must be one.
func (p *Problems) First() Problem { return p.list[0] }

// Under reports whether a mistake was noted at path or below it.
func (p *Problems) Under(path string) bool {
	p.index()
	return p.under[path]
}

// At reports whether the value at path itself has a mistake, as one that lacks a key.
func (p *Problems) At(path string) bool {
	p.index()
	return len(p.at[path]) > 0
}

// UnderBut reports whether a value at path or below it has a mistake, other than below the keys in except. Keys that are
// not known do not count: they change nothing.
func (p *Problems) UnderBut(path string, except ...string) bool {
	if !p.Under(path) {
		return false
	}
	for _, q := range p.list {
		harmless := func(key string) bool { return lies(q.Path, join(path, key)) }
		if !q.AtKey && lies(q.Path, path) && !slices.ContainsFunc(except, harmless) {
			return true
		}
	}
	return false
}

// lies reports whether a path is another or lies below it, which is not so of the whole file.
func lies(path, above string) bool { return (above != "" || path == "") && within(path, above) }

// Attribute adds a cause to every mistake in the file that plain, the mistakes of the file without its overrides, does not
// have.
func (p *Problems) Attribute(d *Document, plain *Problems, cause string) {
	for i := range p.list {
		q := &p.list[i]
		same := func(o Problem) bool { return o.Text == q.Text && (within(o.Path, q.Path) || within(q.Path, o.Path)) }
		if d.position(*q).Override == "" && !slices.ContainsFunc(plain.list, same) {
			q.cause = cause
		}
	}
}

// within reports whether a path is another or lies below it.
func within(path, above string) bool {
	rest, ok := strings.CutPrefix(path, above)
	return ok && (rest == "" || above == "" || rest[0] == '.' || rest[0] == '[')
}

// Messages are the mistakes as "path: message", each once, without their places: for a spec that is no file.
func (p *Problems) Messages() (list []string) {
	seen := map[string]bool{}
	for _, q := range p.list {
		line := q.Message()
		if q.Path != "" {
			line = q.Path + ": " + line
		}
		if !seen[line] {
			seen[line] = true
			list = append(list, line)
		}
	}
	return list
}

// Error is what a spec with mistakes comes to: one line a mistake, in the order of the file.
type Error struct {
	Lines    []string
	Mistakes []Mistake // the same in parts
}

// Mistake is a mistake with its place, for programs to read.
type Mistake struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Override string `json:"override,omitempty"` // "--set a.b=c" when the value was given on the command line, instead of a line
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
}

// newMistake puts a mistake on its place.
func newMistake(at Position, path, text string) Mistake {
	m := Mistake{File: at.File, Path: path, Message: text, Override: at.Override}
	if at.Override == "" {
		m.Line, m.Column = at.Line, at.Column
	}
	return m
}

// wrongFile is the error of a file that is no spec at all.
func wrongFile(at Position, text string) *Error {
	place := at.String()
	if at.Line == 0 {
		place = at.File
	}
	return &Error{Lines: []string{place + ": " + text}, Mistakes: []Mistake{newMistake(at, "", text)}}
}

func (e *Error) Error() string { return strings.Join(e.Lines, "\n") }

// mostShown is how many mistakes a person is shown.
const mostShown = 20

// Shown are the lines to be shown: the first mistakes, and how many more there are.
func (e *Error) Shown() []string {
	rest := len(e.Lines) - mostShown
	if rest <= 1 { // a line that counts one is as long as the one that it replaces
		return e.Lines
	}
	return append(slices.Clip(e.Lines[:mostShown]), fmt.Sprintf("and %s more mistakes (dnn check --json lists all)", phrase.Thousands(rest)))
}

// Err returns nil when nothing was noted, and else an *Error with every mistake as "file:line:col: path: text", those in
// overrides first.
func (p *Problems) Err(d *Document) error {
	if len(p.list) == 0 {
		return nil
	}
	type placed struct {
		at   Position
		line string
		part Mistake
	}
	var all []placed
	seen := map[string]bool{}
	for _, q := range p.list {
		at := d.position(q)
		line := at.String() + ": "
		if q.Path != "" {
			line += q.Path + ": "
		}
		line += q.Message()
		if !seen[line] {
			seen[line] = true
			all = append(all, placed{at, line, newMistake(at, q.Path, q.Message())})
		}
	}
	slices.SortStableFunc(all, func(a, b placed) int {
		return cmp.Or(cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Column, b.at.Column))
	})
	e := &Error{}
	for _, a := range all {
		e.Lines, e.Mistakes = append(e.Lines, a.line), append(e.Mistakes, a.part)
	}
	return e
}

func (d *Document) position(q Problem) Position {
	if q.at != nil {
		return *q.at
	}
	return d.Position(q.Path, q.AtKey)
}
