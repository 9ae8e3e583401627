package lint

import (
	"go/ast"
	"path"
	"strconv"
	"strings"
	"testing"
)

// TestExportedSignatures: another module cannot name a type below internal/, so what pkg/ exports must not ask for one, but
// by an alias of its own. Variables without a written type, as the registries, are used without naming theirs.
func TestExportedSignatures(t *testing.T) {
	for _, s := range files(t, func(s *source) bool { return program(s) && s.under("pkg") }) {
		internal := s.internalNames()
		if len(internal) == 0 {
			continue
		}
		for _, e := range exportedTypes(s.file) {
			ast.Inspect(e, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if x, ok := sel.X.(*ast.Ident); ok && internal[x.Name] {
						t.Errorf("%s: %s.%s is exported to other modules, which cannot name it; use a type of pkg/ or an interface", s.at(sel), x.Name, sel.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// internalNames are the names by which a file knows packages below internal/.
func (s *source) internalNames() map[string]bool {
	names := map[string]bool{}
	for _, i := range s.file.Imports {
		p, _ := strconv.Unquote(i.Path.Value)
		if !strings.HasPrefix(p, module+"/internal/") {
			continue
		}
		name := path.Base(p)
		if i.Name != nil {
			name = i.Name.Name
		}
		names[name] = true
	}
	return names
}

// exportedTypes are the parts of a file's exported declarations that name types: signatures, fields, methods of
// interfaces and what types are made of.
func exportedTypes(f *ast.File) (list []ast.Node) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type))) {
				list = append(list, d.Type)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				list = append(list, exportedSpec(spec)...)
			}
		}
	}
	return list
}

func exportedSpec(spec ast.Spec) (list []ast.Node) {
	switch spec := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range spec.Names {
			if name.IsExported() && spec.Type != nil {
				list = append(list, spec.Type)
			}
		}
	case *ast.TypeSpec:
		if !spec.Name.IsExported() || spec.Assign.IsValid() { // an alias gives the type a name that others can use
			return nil
		}
		switch u := spec.Type.(type) {
		case *ast.StructType:
			list = append(list, exportedFields(u.Fields)...)
		case *ast.InterfaceType:
			list = append(list, exportedFields(u.Methods)...)
		default:
			list = append(list, u)
		}
	}
	return list
}

// exportedFields are the types of the fields of a struct, or the methods of an interface, that others see; embedded ones
// too.
func exportedFields(fields *ast.FieldList) (list []ast.Node) {
	for _, f := range fields.List {
		seen := len(f.Names) == 0
		for _, name := range f.Names {
			seen = seen || name.IsExported()
		}
		if seen {
			list = append(list, f.Type)
		}
	}
	return list
}

// receiver is the name of the type that a method belongs to.
func receiver(e ast.Expr) string {
	for {
		switch x := e.(type) {
		case *ast.StarExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.IndexListExpr:
			e = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
