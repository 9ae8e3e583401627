package reference

import (
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// comments finds what the source says of a type.
type comments struct {
	root     string
	packages map[string]map[string]string // by folder and type
	err      error
}

func newComments(root string) *comments {
	return &comments{root: root, packages: map[string]map[string]string{}}
}

// of returns the comment of a type as Markdown, with a blank line behind it, or "".
func (c *comments) of(t reflect.Type) string {
	folder := strings.TrimPrefix(t.PkgPath(), "dnn/")
	types, ok := c.packages[folder]
	if !ok && t.Name() != "" {
		var err error
		if types, err = c.read(folder); err != nil && c.err == nil {
			c.err = err
		}
		c.packages[folder] = types
	}
	text := strings.TrimSpace(types[t.Name()])
	if text == "" {
		return ""
	}
	var p comment.Parser
	printer := comment.Printer{HeadingLevel: 3, HeadingID: func(*comment.Heading) string { return "" }}
	return string(printer.Markdown(p.Parse(text))) + "\n"
}

// read returns the comments of all types of a package.
func (c *comments) read(folder string) (map[string]string, error) {
	entries, err := os.ReadDir(filepath.Join(c.root, folder))
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			f, err := parser.ParseFile(set, filepath.Join(c.root, folder, name), nil, parser.ParseComments)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	p, err := doc.NewFromFiles(set, files, folder, doc.AllDecls)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	types := map[string]string{}
	for _, t := range p.Types {
		types[t.Name] = t.Doc
	}
	return types, nil
}
