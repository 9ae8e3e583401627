package lint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../../.."
	module = "dnn"
)

// source is one Go file of the module.
type source struct {
	path string // pkg/spec/node.go
	room string // pkg/spec
	test bool
	text []byte
	file *ast.File
}

var fset = token.NewFileSet()

// sources reads every Go file of the module, but none of nested modules and of folders that Go does not look at.
var sources = sync.OnceValues(func() ([]*source, error) {
	var list []*source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := d.Name()
			_, nested := os.Stat(filepath.Join(name, "go.mod"))
			if name != root && (nested == nil || base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, name)
		rel = filepath.ToSlash(rel)
		list = append(list, &source{rel, path.Dir(rel), strings.HasSuffix(rel, "_test.go"), text, f})
		return nil
	})
	return list, err
})

// files returns the sources for which keep is true.
func files(t *testing.T, keep func(s *source) bool) (list []*source) {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		if keep(s) {
			list = append(list, s)
		}
	}
	if len(list) == 0 {
		t.Fatal("no files are looked at: the rule is out of date")
	}
	return list
}

// program tells the files that make up the program from their tests.
func program(s *source) bool { return !s.test }

// under reports whether a file lies in one of the rooms or below.
func (s *source) under(rooms ...string) bool {
	for _, r := range rooms {
		if s.room == r || strings.HasPrefix(s.room, r+"/") {
			return true
		}
	}
	return false
}

// at is the place of a node for messages.
func (s *source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(fset.Position(n.Pos()).Line)
}

// imports lists what a file imports, with the name it goes by there.
func (s *source) imports() map[string]*ast.ImportSpec {
	m := map[string]*ast.ImportSpec{}
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		m[p] = i
	}
	return m
}

// localName is the name under which a file knows the package imported from p, or "".
func (s *source) localName(p string) string {
	i, ok := s.imports()[p]
	if !ok {
		return ""
	}
	if i.Name != nil {
		return i.Name.Name
	}
	base := path.Base(p)
	if len(base) > 1 && base[0] == 'v' && base[1] >= '0' && base[1] <= '9' {
		base = path.Base(path.Dir(p))
	}
	return base
}

// uses calls found for every mention of a member of the package imported from p.
func (s *source) uses(p string, found func(n *ast.SelectorExpr, member string)) {
	name := s.localName(p)
	if name == "" {
		return
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == name {
				found(sel, sel.Sel.Name)
			}
		}
		return true
	})
}
