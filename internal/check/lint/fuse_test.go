package lint

import (
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strings"
	"testing"
)

// exact are the rooms whose numbers decide over the bits of a model. In those of single, float64 is left to the oracle,
// whose last bit decides nothing.
var (
	exact = []string{
		"internal/kernel/scalar", "internal/kernel/vec", "internal/kernel/norm", "internal/kernel/prob", "internal/kernel/optim",
		"internal/kernel/pool", "internal/kernel/rand", "internal/kernel/bf16", "internal/kernel/gemm", "internal/kernel/conv",
		"internal/kernel/rnn", "internal/kernel/attention", "internal/exact", "pkg/graph/pass", "pkg/graph/exec", "pkg/layers", "pkg/layers/initializer", "pkg/layers/activation",
		"pkg/train/optim", "pkg/train", "pkg/dataset", "pkg/dataset/numeral", "pkg/dataset/dates", "pkg/dataset/table", "pkg/dataset/augment", "pkg/dataset/image", "pkg/metrics", "pkg/train/schedule", "pkg/model",
	}
	single = []string{"pkg/graph/op", "pkg/train/loss"}
)

// onPurpose are the files whose business is fusing.
var onPurpose = []string{"internal/kernel/scalar/fma_arm64.go"}

// owed are files with such sums that are known of and wait to be mended. The list only ever gets shorter.
var owed = []string{}

// TestNoHiddenFusing: where a compiler may fuse a*b+c, as that for arm64 does, the same program gives other bits on
// another machine. A product that is added to must be rounded by a conversion, float32(a*b), or be fused on purpose.
func TestNoHiddenFusing(t *testing.T) {
	c := newChecker(t)
	found := map[string]bool{}
	for _, room := range slices.Concat(exact, single) {
		p := c.check(room)
		for _, s := range p.files {
			if slices.Contains(onPurpose, s.path) {
				continue
			}
			for _, d := range s.file.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
					fused{info: p.info, products: map[string]bool{}, single: slices.Contains(single, room), report: func(n ast.Node) {
						if found[s.path] = true; slices.Contains(owed, s.path) {
							return
						}
						t.Errorf("%s: a sum with an unrounded product: some processors fuse it, and the bits differ from machine to machine; write float32(a*b) or float64(a*b), or call fma", s.at(n))
					}}.look(fn)
				}
			}
		}
	}
	for _, name := range owed {
		if !found[name] {
			t.Errorf("%s has no such sums any more; take it off the list of what is owed", name)
		}
	}
}

// fused looks for sums of unrounded products within one function.
type fused struct {
	info     *types.Info
	products map[string]bool // what holds an unrounded product: "x", "dst[i]"
	single   bool            // look at float32 only
	report   func(n ast.Node)
}

func (f fused) look(fn *ast.FuncDecl) {
	ast.Inspect(fn.Body, func(n ast.Node) bool { // a compiler sees through assignments
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, left := range a.Lhs {
			if f.floating(left) && (a.Tok == token.MUL_ASSIGN && !f.powerOfTwo(a.Rhs[0]) || len(a.Lhs) == len(a.Rhs) && (a.Tok == token.ASSIGN || a.Tok == token.DEFINE) && f.product(a.Rhs[i])) {
				f.products[types.ExprString(left)] = true
			}
		}
		return true
	})
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if (n.Op == token.ADD || n.Op == token.SUB) && f.floating(n) && (f.product(n.X) || f.product(n.Y)) {
				f.report(n)
			}
		case *ast.AssignStmt:
			if (n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN) && f.floating(n.Lhs[0]) && (f.product(n.Rhs[0]) || f.product(n.Lhs[0])) {
				f.report(n)
			}
		}
		return true
	})
}

// product reports whether e is a product of floats, or holds one, that no conversion has rounded.
func (f fused) product(e ast.Expr) bool {
	switch x := e.(type) {
	case *ast.ParenExpr:
		return f.product(x.X)
	case *ast.UnaryExpr:
		return x.Op == token.SUB && f.product(x.X)
	case *ast.BinaryExpr:
		return x.Op == token.MUL && f.floating(x) && f.info.Types[x].Value == nil && !f.powerOfTwo(x.X) && !f.powerOfTwo(x.Y) &&
			!(f.wasSingle(x.X) && f.wasSingle(x.Y))
	case *ast.Ident, *ast.IndexExpr, *ast.SelectorExpr, *ast.StarExpr:
		return f.products[types.ExprString(e)]
	}
	return false
}

// powerOfTwo reports whether e is a constant like 2, by which a product is exact.
func (f fused) powerOfTwo(e ast.Expr) bool {
	v := f.info.Types[e].Value
	if v == nil {
		return false
	}
	x, _ := constant.Float64Val(constant.ToFloat(v))
	fraction, _ := math.Frexp(x)
	return x >= 1 && fraction == 0.5
}

// wasSingle reports whether e is float64(x) of a float32 x: the product of two such is exact.
func (f fused) wasSingle(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || f.info.Types[e].Type == nil || !f.info.Types[call.Fun].IsType() {
		return false
	}
	from := f.info.Types[call.Args[0]].Type
	return from != nil && types.Identical(from.Underlying(), types.Typ[types.Float32]) && types.Identical(f.info.Types[e].Type.Underlying(), types.Typ[types.Float64])
}

// floating reports whether e is of a type that is looked at.
func (f fused) floating(e ast.Expr) bool {
	t := f.info.Types[e].Type
	if id, ok := e.(*ast.Ident); t == nil && ok {
		if o := f.info.Defs[id]; o != nil {
			t = o.Type()
		} else if o := f.info.Uses[id]; o != nil {
			t = o.Type()
		}
	}
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && (b.Kind() == types.Float32 || b.Kind() == types.Float64 && !f.single)
}

// TestFusingIsSeen tries the rule on sums that may be fused (marked with "bad") and on sums that may not.
func TestFusingIsSeen(t *testing.T) {
	const text = `package p
func f(a, b, c float32, d []float32, x, y, z float64, i, j int) {
	_ = a*b + c // bad
	_ = c - a*b // bad
	_ = c + -(a * b) // bad
	_ = x*y + z // bad in both
	_ = float32(a*b) + c
	_ = float64(x*y) + z
	_ = i*j + i
	_ = 2*a + b
	_ = 3*a + b // bad
	_ = float64(a)*float64(b) + z
	_ = x*float64(b) + z // bad in both
	c += a * b // bad
	c -= float32(a * b)
	p := a * b
	_ = p + c // bad
	q := float32(a * b)
	_ = q + c
	d[i] = a * b
	_ = d[i] + c // bad
	_ = d[j] + c
	a *= b
	_ = a - c // bad
	z *= 2
	_ = z - 1
	_ = (b+c)*b
	_ = x*y*z
}`
	file, err := parser.ParseFile(fset, "p.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	if _, err := (&types.Config{}).Check("p", fset, []*ast.File{file}, info); err != nil {
		t.Fatal(err)
	}
	for _, single := range []bool{false, true} {
		seen := map[int]bool{}
		fused{info: info, products: map[string]bool{}, single: single, report: func(n ast.Node) { seen[fset.Position(n.Pos()).Line] = true }}.look(file.Decls[0].(*ast.FuncDecl))
		for i, line := range strings.Split(text, "\n") {
			if want := strings.Contains(line, "// bad") && !(single && strings.Contains(line, "in both")); seen[i+1] != want {
				t.Errorf("float32 only %v: %s: seen %v, want %v", single, strings.TrimSpace(line), seen[i+1], want)
			}
		}
	}
}
