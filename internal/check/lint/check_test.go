package lint

import (
	"go/ast"
	"go/build"
	"go/importer"
	"go/types"
	"path"
	"strings"
	"testing"
)

// checker gives types to the module's packages as arm64 compiles them: without the stubs of assembly, with the loops that
// every processor can run. What comes from other modules stays unknown.
type checker struct {
	t    *testing.T
	std  types.Importer
	done map[string]*checked
}

// checked is a package with its types.
type checked struct {
	pkg   *types.Package
	files []*source
	info  *types.Info
}

func newChecker(t *testing.T) *checker {
	return &checker{t, importer.ForCompiler(fset, "source", nil), map[string]*checked{}}
}

// Import is what go/types calls for each import.
func (c *checker) Import(p string) (*types.Package, error) {
	if room, own := strings.CutPrefix(p, module+"/"); own {
		return c.check(room).pkg, nil
	}
	if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") {
		pkg := types.NewPackage(p, path.Base(p))
		pkg.MarkComplete()
		return pkg, nil
	}
	return c.std.Import(p)
}

func (c *checker) check(room string) *checked {
	if done, ok := c.done[room]; ok {
		return done
	}
	context := build.Default
	context.GOARCH = "arm64"
	list := files(c.t, func(s *source) bool {
		if s.room != room || s.test {
			return false
		}
		match, err := context.MatchFile(root+"/"+room, path.Base(s.path))
		return match && err == nil
	})
	var trees []*ast.File
	for _, s := range list {
		trees = append(trees, s.file)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: c, Error: func(error) {}}                       // what other modules give has no type
	c.done[room] = &checked{pkg: types.NewPackage(module+"/"+room, path.Base(room))} // rooms that import each other see nothing
	pkg, _ := config.Check(module+"/"+room, fset, trees, info)
	c.done[room] = &checked{pkg, list, info}
	return c.done[room]
}
