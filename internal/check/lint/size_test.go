package lint

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// A type with more methods, or a struct with more fields, is a package that has not been found yet.
const (
	mostMethods = 25
	mostFields  = 15
	mostFiles   = 40
)

// Types that may be larger: records whose fields are those of a file, and kernels, which hold their arguments.
var (
	records = []string{"pkg/spec.schema", "pkg/train.Position", "cmd/internal/cli/train.result"}
	kernels = "internal/kernel"
)

// TestSizes holds types and the number of files of packages to their limits. Files of kinds do not count: a registry may grow.
func TestSizes(t *testing.T) {
	methods, count := map[string]int{}, map[string]int{}
	for _, s := range files(t, program) {
		if !registers(s.file) {
			count[s.room]++
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv != nil && !s.under(kernels) {
					methods[s.room+"."+receiver(n.Recv.List[0].Type)]++
				}
			case *ast.TypeSpec:
				of, ok := n.Type.(*ast.StructType)
				if ok && of.Fields.NumFields() > mostFields && !s.under(kernels) && !slices.Contains(records, s.room+"."+n.Name.Name) {
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
		if n > mostFiles && (strings.HasPrefix(room, "pkg/") || strings.HasPrefix(room, kernels)) && room != "pkg/graph/op" && room != "pkg/layers" {
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
