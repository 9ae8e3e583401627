package c

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// kernels are the functions that exported sources are made of, those that others use first. A piece is a function with the comment
// before it; pieces have an empty line between them, and none within.
//
//go:embed kernels/*.c
var kernels embed.FS

// library are the pieces, from which those are copied that a source needs.
type library struct {
	pieces []*piece
	named  map[string]*piece
}

type piece struct {
	name, text string
	uses       []string
}

var (
	defined = regexp.MustCompile(`(?m)^static [^(=]*\b([fk]_\w+)\(`)
	names   = regexp.MustCompile(`\b[fk]_\w+`)
	remark  = regexp.MustCompile(`(?s)/\*.*?\*/`)
)

// parsed is the library; that it is right is tested.
var parsed = sync.OnceValue(func() *library {
	l := &library{named: map[string]*piece{}}
	for _, file := range []string{"elements", "products", "reductions", "norms", "pools", "int8", "sequences", "attention", "columns"} {
		text, err := kernels.ReadFile("kernels/" + file + ".c")
		if err != nil {
			panic(err)
		}
		for _, text := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
			p := &piece{name: defined.FindStringSubmatch(text)[1], text: text, uses: names.FindAllString(remark.ReplaceAllString(text, ""), -1)}
			l.pieces, l.named[p.name] = append(l.pieces, p), p
		}
	}
	return l
})

// source is the text of the functions of the given names, and of those that they use, in their order.
func (l *library) source(wanted []string) (string, error) {
	taken := map[*piece]bool{}
	var take func(name string) error
	take = func(name string) error {
		p := l.named[name]
		if p == nil {
			return fmt.Errorf("no function %s", name)
		}
		if taken[p] {
			return nil
		}
		taken[p] = true
		for _, used := range p.uses {
			if err := take(used); err != nil {
				return err
			}
		}
		return nil
	}
	for _, name := range wanted {
		if err := take(name); err != nil {
			return "", err
		}
	}
	var out strings.Builder
	for _, p := range l.pieces {
		if taken[p] {
			out.WriteString(p.text + "\n\n")
		}
	}
	return out.String(), nil
}

// has reports whether there is a function of a name.
func (l *library) has(name string) bool { return l.named[name] != nil }
