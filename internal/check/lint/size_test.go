package lint

import (
	"go/ast"
	"strings"
	"testing"
)

// A type with more methods, or a struct with more fields, is a package that has not been found yet. On the engine side some
// older types are larger.
const (
	mostMethods = 25
	mostFields  = 15
	mostFiles   = 40
)

// TestSizesOfTheDataSide holds the types of pkg/dataset and the number of files of packages to their limits. Files of kinds do
// not count: a registry may grow.
func TestSizesOfTheDataSide(t *testing.T) {
	methods, count := map[string]int{}, map[string]int{}
	for _, s := range files(t, program) {
		if !registers(s.file) {
			count[s.room]++
		}
		if !strings.HasPrefix(s.room, "pkg/dataset") {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil {
					methods[s.room+"."+receiver(n.Recv.List[0].Type)]++
				}
			case *ast.TypeSpec:
				if of, ok := n.Type.(*ast.StructType); ok && of.Fields.NumFields() > mostFields {
					t.Errorf("%s: %s has %d fields; at most %d", s.at(n), n.Name.Name, of.Fields.NumFields(), mostFields)
				}
			}
			return true
		})
	}
	for name, n := range methods {
		if n > mostMethods {
			t.Errorf("%s has %d methods; at most %d", name, n, mostMethods)
		}
	}
	for room, n := range count {
		if n > mostFiles && strings.HasPrefix(room, "pkg/") && room != "pkg/graph/op" && room != "pkg/layers" {
			t.Errorf("%s has %d files; at most %d", room, n, mostFiles)
		}
	}
}

// registers reports whether a file registers a kind.
func registers(f *ast.File) (does bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if of, ok := call.Fun.(*ast.SelectorExpr); ok && of.Sel.Name == "Register" {
				does = true
			}
		}
		return !does
	})
	return does
}
