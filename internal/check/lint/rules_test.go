package lint

import (
	"bytes"
	"go/ast"
	"go/format"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	for _, s := range files(t, func(*source) bool { return true }) {
		if want, err := format.Source(s.text); err != nil || !bytes.Equal(want, s.text) {
			t.Errorf("%s is not formatted as gofmt does it; run gofmt -w on it", s.path)
		}
	}
}

func TestNothingLeftToDo(t *testing.T) {
	left := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|X` + `XX)\b`)
	for _, s := range files(t, func(*source) bool { return true }) {
		for i, line := range bytes.Split(s.text, []byte("\n")) {
			if m := left.Find(line); m != nil {
				t.Errorf("%s:%d: %s: finish it, or write it where plans are kept; notes in code are not read", s.path, i+1, m)
			}
		}
	}
}

// TestStdout: what a command prints is its result, so nothing else may print there.
func TestStdout(t *testing.T) {
	for _, s := range files(t, func(s *source) bool { return program(s) && !s.under("cmd") }) {
		s.uses("fmt", func(n *ast.SelectorExpr, member string) {
			if slices.Contains([]string{"Print", "Println", "Printf"}, member) {
				t.Errorf("%s: fmt.%s: results on stdout are the command line's (cmd/internal/cli); return the text, or write to an io.Writer", s.at(n), member)
			}
		})
		s.uses("os", func(n *ast.SelectorExpr, member string) {
			if member == "Stdout" || member == "Stderr" {
				t.Errorf("%s: os.%s belongs to the command line (cmd/internal/cli); write to an io.Writer", s.at(n), member)
			}
		})
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if f, ok := call.Fun.(*ast.Ident); ok && (f.Name == "print" || f.Name == "println") {
					t.Errorf("%s: %s is for debugging", s.at(n), f.Name)
				}
			}
			return true
		})
	}
}

// clocks are the only files of the rooms where numbers are made that may look at the clock.
var clocks = []string{
	"pkg/graph/exec/program.go",           // the profile
	"pkg/dataset/image/temp.go",           // the age of what killed processes left
	"pkg/dataset/record/prompt_reader.go", // how long rows are waited for
}

// TestNoClock: the same spec, data and seed give the same bits, so nothing may depend on when it runs.
func TestNoClock(t *testing.T) {
	rooms := []string{"internal/kernel", "pkg/spec", "pkg/graph", "pkg/layers", "pkg/dataset", "pkg/metrics", "pkg/train/loss", "pkg/train/optim", "pkg/train/schedule"}
	for _, s := range files(t, func(s *source) bool { return program(s) && s.under(rooms...) && !slices.Contains(clocks, s.path) }) {
		s.uses("time", func(n *ast.SelectorExpr, member string) {
			if member == "Now" || member == "Since" || member == "Until" {
				t.Errorf("%s: time.%s: the same spec, data and seed must give the same bits, whenever they run", s.at(n), member)
			}
		})
	}
}

// TestNoGlobalRandomness: all randomness comes from (seed, node, step).
func TestNoGlobalRandomness(t *testing.T) {
	made := []string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "Source", "PCG", "ChaCha8", "Zipf"}
	for _, s := range files(t, program) {
		imports := s.imports()
		if _, old := imports["math/rand"]; old {
			t.Errorf("%s imports math/rand, whose numbers differ from run to run; draw from (seed, node, step)", s.path)
		}
		_, v2 := imports["math/rand/v2"]
		if _, crypto := imports["crypto/rand"]; (crypto || v2) && s.under("internal/kernel") && !s.under("internal/kernel/kerneltest") {
			t.Errorf("%s imports a source of random numbers; kernels draw with philox from (seed, node, step)", s.path)
		}
		s.uses("math/rand/v2", func(n *ast.SelectorExpr, member string) {
			if !slices.Contains(made, member) {
				t.Errorf("%s: rand.%s draws from a source that is seeded anew in every run; draw from (seed, node, step)", s.at(n), member)
			}
		})
	}
}

// TestKernelsAreSerial: threads are shared out above the kernels (internal/parallel), so that no bit depends on them.
func TestKernelsAreSerial(t *testing.T) {
	for _, s := range files(t, func(s *source) bool { return program(s) && s.under("internal/kernel") }) {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if _, ok := n.(*ast.GoStmt); ok {
				t.Errorf("%s: a goroutine: kernels are serial over [lo,hi); threads are shared out in internal/parallel", s.at(n))
			}
			return true
		})
		for p := range s.imports() {
			if p == "sync" || strings.HasPrefix(p, "sync/") {
				t.Errorf("%s imports %s: kernels are serial and need no locks", s.path, p)
			}
		}
	}
}
