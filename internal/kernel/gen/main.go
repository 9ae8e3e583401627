// Command gen writes the assembly of package kernel: for every subject and every
// instruction set one file of routines and one of Go declarations. Run it by
//
//	go generate ./internal/kernel
//
// Most routines are written once, in terms of the vector operations of vec.go,
// and come out in both instruction sets, so that they are the same computation.
package main

import (
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// subjects are the files, each with what fills it.
var subjects = []struct {
	name string
	emit func(a *asm)
}{
	{"tile", emitTiles},
}

// shared are the files that come in one form for both instruction sets.
var shared = []struct {
	name string
	emit func(a *asm)
}{
	{"pack", emitPack},
}

func main() {
	for _, s := range subjects {
		write("..", s.name, newAsm(false), s.emit)
		write("..", s.name, newAsm(true), s.emit)
	}
	for _, s := range shared {
		write("..", s.name, newAsm(false), s.emit)
	}
}

func write(dir, name string, a *asm, emit func(a *asm)) {
	emit(a)
	a.writeConstants()
	f, err := a.Result()
	if err == nil {
		err = pass.Compile.Execute(f)
	}
	if err != nil {
		log.Fatalf("%s, %s: %v", name, a.suffix(), err)
	}
	cfg := printer.Config{Name: "gen", Pkg: "kernel"}
	base := filepath.Join(dir, name+"_"+strings.ToLower(a.suffix())+"_amd64")
	for ext, p := range map[string]printer.Printer{".s": printer.NewGoAsm(cfg), ".go": printer.NewStubs(cfg)} {
		text, err := p.Print(f)
		if err == nil {
			err = os.WriteFile(base+ext, text, 0o644)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
}

func newAsm(wide bool) *asm {
	a := &asm{Context: build.NewContext(), wide: wide}
	a.ConstraintExpr("!purego")
	return a
}
