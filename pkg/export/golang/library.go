package golang

import (
	"embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dnn/internal/exact"
	"dnn/internal/kernel/scalar"
	"dnn/pkg/export/golang/kernels"
)

// library is Go source in pieces, the declarations of some packages, from which those are copied that an exported package needs.
// Names of packages that others import get a prefix in the place of the package's name.
type library struct {
	pieces []*piece
	named  map[string][]*piece // by what they declare; methods by their type
}

// piece is a declaration with its comment.
type piece struct {
	text string
	uses []string
}

// pkg is a package of the library.
type pkg struct {
	name, prefix string
	files        embed.FS
}

// sources are the packages of the library, the ones that are imported first.
var sources = []pkg{{"scalar", "f32", scalar.Source}, {"exact", "exact", exact.Source}, {"kernels", "", kernels.Source}}

// parsed is the library; its own source is right, as its tests say.
var parsed = sync.OnceValue(func() *library {
	l := &library{named: map[string][]*piece{}}
	for _, s := range sources {
		names, err := fs.Glob(s.files, "*.go")
		if err != nil {
			panic(err)
		}
		var files []string
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || name == "fma_arm64.go" || name == "lanes.go" || name == "doc.go" || name == "source.go" {
				continue // for one processor, or of a later Go
			}
			text, err := s.files.ReadFile(name)
			if err != nil {
				panic(err)
			}
			files = append(files, string(text))
		}
		l.add(s.prefix, files)
	}
	return l
})

// add adds the files of a package.
func (l *library) add(prefix string, files []string) {
	set := token.NewFileSet()
	var trees []*ast.File
	own := map[string]bool{} // what the package declares
	for _, text := range files {
		tree, err := parser.ParseFile(set, "", text, parser.ParseComments)
		if err != nil {
			panic(err)
		}
		trees = append(trees, tree)
		for _, d := range tree.Decls {
			for _, name := range declared(d) {
				own[name] = true
			}
		}
	}
	for i, tree := range trees {
		for _, d := range tree.Decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				continue
			}
			from, to := d.Pos(), d.End()
			if doc := docOf(d); doc != nil {
				from = doc.Pos()
			}
			at := func(p token.Pos) int { return set.Position(p).Offset }
			p := l.piece(files[i][at(from):at(to)], prefix, own)
			l.pieces = append(l.pieces, p)
			for _, name := range declared(d) {
				name = prefixed(prefix, name)
				l.named[name] = append(l.named[name], p)
			}
		}
	}
}

func docOf(d ast.Decl) *ast.CommentGroup {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return d.Doc
	case *ast.GenDecl:
		return d.Doc
	}
	return nil
}

// declared are the names that a declaration declares; of a method that of its type.
func declared(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return []string{d.Name.Name}
		}
		t := d.Recv.List[0].Type
		if star, ok := t.(*ast.StarExpr); ok {
			t = star.X
		}
		return []string{t.(*ast.Ident).Name}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				names = append(names, s.Name.Name)
			case *ast.ValueSpec:
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
			}
		}
	}
	return names
}

// prefixed is a name in a package with a prefix.
func prefixed(prefix, name string) string {
	if prefix == "" {
		return name
	}
	first, size := utf8.DecodeRuneInString(name)
	return prefix + string(unicode.ToUpper(first)) + name[size:]
}

// piece renames what a declaration declares or uses of its own package, and what it uses of packages before it.
func (l *library) piece(text, prefix string, own map[string]bool) *piece {
	var s scanner.Scanner
	set := token.NewFileSet()
	s.Init(set.AddFile("", set.Base(), len(text)), []byte(text), nil, 0)
	p := &piece{}
	var out strings.Builder
	done, dot := 0, false
	replace := func(from, to int, by string) {
		out.WriteString(text[done:from])
		out.WriteString(by)
		done = to
	}
	qualifier, qualifierAt := "", 0
	for {
		pos, tok, word := s.Scan()
		if tok == token.EOF {
			break
		}
		at := set.Position(pos).Offset
		switch {
		case tok == token.IDENT && dot && qualifier != "":
			name := prefixed(qualifier, word)
			replace(qualifierAt, at+len(word), name)
			p.uses = append(p.uses, name)
		case tok == token.IDENT && !dot && own[word]:
			if name := prefixed(prefix, word); name != word {
				replace(at, at+len(word), name)
			}
			p.uses = append(p.uses, prefixed(prefix, word))
		}
		if tok == token.PERIOD {
			dot = true
			continue
		}
		dot, qualifier = false, ""
		if i := slices.IndexFunc(sources, func(s pkg) bool { return s.name == word && s.prefix != "" }); tok == token.IDENT && i >= 0 {
			qualifier, qualifierAt = sources[i].prefix, at
		}
	}
	out.WriteString(text[done:])
	p.text = out.String()
	return p
}

// source is the text of the declarations of the given names, and of those that they use, in their order. It takes from the library
// anew each time.
func (l *library) source(names []string) (string, error) {
	taken := map[*piece]bool{}
	var take func(name string) error
	take = func(name string) error {
		if len(l.named[name]) == 0 {
			return fmt.Errorf("no function %s", name)
		}
		for _, p := range l.named[name] {
			if taken[p] {
				continue
			}
			taken[p] = true
			for _, used := range p.uses {
				if err := take(used); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, name := range names {
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

// has reports whether there is a declaration of a name.
func (l *library) has(name string) bool { return len(l.named[name]) > 0 }

// imports is the import declaration of a source that uses packages of the standard library.
func imports(text string, more ...string) string {
	list := slices.Clone(more)
	for _, name := range []string{"encoding/json", "errors", "fmt", "math", "math/bits", "sort", "strconv", "strings", "unicode", "unicode/utf8"} {
		if strings.Contains(text, name[strings.LastIndexByte(name, '/')+1:]+".") {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	if len(list) == 0 {
		return ""
	}
	return "import (\n\t\"" + strings.Join(slices.Compact(list), "\"\n\t\"") + "\"\n)\n\n"
}
