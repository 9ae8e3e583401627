package lint

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"testing"
)

// TestOneKindOneFile: a kind is registered from the file that has its name, and a file registers one kind (in each
// registry). The registries' own tests hold them to it too; this one sees those that no test imports.
func TestOneKindOneFile(t *testing.T) {
	found := 0
	for _, s := range files(t, func(s *source) bool { return program(s) && s.under("pkg") }) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 3 {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "Register" {
				return true
			}
			lit, ok := call.Args[0].(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			found++
			if key, _ := strconv.Unquote(lit.Value); key+".go" != path.Base(s.path) {
				t.Errorf("%s: %q is registered here: one kind, one file, one key; it belongs to %s/%s.go", s.at(call), key, s.room, key)
			}
			return true
		})
	}
	if found < 50 {
		t.Errorf("only %d kinds were found: the rule is out of date", found)
	}
}
