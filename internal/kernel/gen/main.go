// Command gen writes the assembly of the kernels: for every subject and every
// instruction set files of routines and of Go declarations. Run it by
//
//	go generate ./internal/kernel
//
// Most routines are written once, in terms of the vector operations of vec.go,
// and come out in all instruction sets, so that they are the same computation.
package main

import (
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/printer"
)

// subjects are the files of each package, with what fills them.
var subjects = []struct {
	pkg   string
	files []file
}{
	{"cpu", []file{{"peak", emitPeak}, {"cpuid", emitCPUID}}},
	{"vec", []file{
		{"elementwise", emitElementwise}, {"act", emitActivations}, {"actgrad", emitGradients},
		{"reduce", emitReductions}, {"columns", emitColumns}, {"transpose", emitTransposes},
	}},
	{"norm", []file{{"norm", emitNorm}, {"batchnorm", emitBatchNorm}}},
	{"prob", []file{{"softmax", emitSoftmax}}},
	{"optim", []file{{"optim", emitOptimizers}}},
	{"pool", []file{{"pool", emitPool}}},
	{"rand", []file{{"random", emitRandom}}},
	{"bf16", []file{{"bf16", emitBF16}}},
	{"gemm", []file{{"cross", emitCross}, {"brgemm", emitBrgemm}, {"gemv", emitGemv}, {"pack", emitCopies}}},
	{"conv", []file{{"strips", emitStrips}}},
	{"integer", []file{{"integer", emitIntegerTiles}, {"quantize", emitQuantize}, {"filtering", emitFiltering}, {"blocks", emitBlocks}}},
	{"sparse", []file{{"sparse", emitSparse}}},
	{"rnn", []file{{"recurrent", emitRecurrent}}},
	{"attention", []file{{"attention", emitAttention}, {"rotary", emitRotary}}},
}

// file is a file of each instruction set: name_avx2_amd64, name_avx512_amd64 and name_neon_arm64. What serves both of amd64 is
// in that of AVX2 alone.
type file struct {
	name string
	emit func(a *asm)
}

func main() {
	files, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join("..", name), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// generate returns all files that are written here, by their paths in internal/kernel.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for arch, sets := range map[string][]string{"amd64": {"AVX2", "AVXVNNI", "AVX512"}, "arm64": {"NEON"}} {
		for _, s := range subjects {
			table, shared := loopTable{pkg: s.pkg}, tables{}
			for _, set := range sets {
				if set == "AVXVNNI" && s.pkg != "integer" {
					continue
				}
				var loops [][2]string
				for _, f := range s.files {
					rehearsal := newAsm(set)
					f.emit(rehearsal)
					a := newAsm(set)
					a.earlier, a.free, a.shared = rehearsal.uses, rehearsal.freeRegisters(), shared
					if err := a.files(files, s.pkg, f); err != nil {
						return nil, err
					}
					loops = append(loops, a.table...)
					table.around = append(table.around, a.around...)
				}
				table.add(set, loops)
			}
			if len(shared) > 0 {
				files[s.pkg+"/tables_"+arch+".s"] = shared.text()
			}
			if table.body.Len() > 0 {
				text, err := table.text()
				if err != nil {
					return nil, err
				}
				files[s.pkg+"/loops_"+arch+".go"] = text
			}
		}
	}
	return files, nil
}

func newAsm(set string) *asm {
	a := &asm{Context: build.NewContext(), wide: set == "AVX512", neon: set == "NEON", vnni: set == "AVXVNNI", shared: tables{}, uses: map[string][]uint32{}}
	a.arguments = tileArguments
	a.ConstraintExpr("!purego")
	return a
}

// onlyAVX512 finds registers that AVX2 does not have. The allocator does not know
// the difference, so it has run out of registers if it takes one of them.
var onlyAVX512 = regexp.MustCompile(`\b([XY](1[6-9]|2[0-9]|3[01])|Z[0-9]+|K[0-7])\b`)

// files emits a file and adds its assembly and its declarations, unless there is nothing in it.
func (a *asm) files(files map[string][]byte, pkg string, of file) error {
	of.emit(a)
	if a.neon {
		a.writeConstantTable()
	}
	f, err := a.Result()
	if err == nil && len(f.Functions()) == 0 {
		return nil
	}
	if err == nil {
		weave(f)
		err = a.compile(f)
	}
	if err != nil && a.neon {
		return fmt.Errorf("%s/%s: %w (what is for amd64 alone must emit nothing where neon is set)", pkg, of.name, err)
	}
	if err != nil {
		return fmt.Errorf("%s/%s, %s: %w", pkg, of.name, a.suffix(), err)
	}
	if len(a.tiles) > 0 && !slices.Contains(f.Includes, "textflag.h") {
		f.Includes = append(f.Includes, "textflag.h") // for the dispatcher
	}
	cfg := printer.Config{Name: "gen", Pkg: pkg}
	base := pkg + "/" + of.name + "_" + strings.ToLower(a.suffix()) + "_" + a.arch()
	for ext, p := range map[string]printer.Printer{".s": printer.NewGoAsm(cfg), ".go": printer.NewStubs(cfg)} {
		if len(a.tiles) > 0 && ext == ".go" {
			continue // only the dispatcher is declared, by hand
		}
		text, err := p.Print(f)
		if err != nil {
			return err
		}
		if len(a.tiles) > 0 {
			text = append(text, a.dispatcher(of.name)...)
		}
		if !a.many() && onlyAVX512.Match(text) {
			return fmt.Errorf("%s/%s, %s: out of registers", pkg, of.name, a.suffix())
		}
		files[base+ext] = text
	}
	return nil
}

// loopTable is the file by which a package puts its routines into their places.
type loopTable struct {
	pkg    string
	body   strings.Builder
	around []string // functions around routines
}

func (t *loopTable) add(suffix string, loops [][2]string) {
	cpu := "cpu."
	if t.pkg == "cpu" {
		cpu = ""
	}
	if len(loops) == 0 {
		return
	}
	fmt.Fprintf(&t.body, "\t%[1]sAdd(%[1]s%[2]s, func() {\n", cpu, suffix)
	for _, l := range loops {
		fmt.Fprintf(&t.body, "\t\tactive.%s = %s\n", l[0], l[1])
	}
	t.body.WriteString("\t})\n")
}

func (t *loopTable) text() ([]byte, error) {
	imports := "import \"dnn/internal/kernel/cpu\"\n\n"
	if t.pkg == "cpu" {
		imports = ""
	}
	text := fmt.Sprintf("// Code generated by gen. DO NOT EDIT.\n\n//go:build !purego\n\npackage %s\n\n%sfunc init() {\n%s}\n", t.pkg, imports, t.body.String())
	return format.Source([]byte(text + strings.Join(t.around, "")))
}
