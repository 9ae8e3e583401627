package lint

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// order is the way that the data takes through the rooms. A room imports only what stands before it.
var order = []string{
	"internal/registry",
	"internal/registry/registrytest",
	"internal/machine",
	"internal/newfile",
	"internal/regular",
	"internal/glob",
	"internal/parallel",
	"internal/exact",
	"internal/phrase",
	"internal/random",
	"internal/kernel", // what all kernels promise
	"internal/kernel/guard",
	"internal/kernel/scalar",
	"internal/kernel/cpu",
	"internal/kernel/kerneltest",
	"internal/kernel/cut",
	"internal/kernel/vec",
	"internal/kernel/norm",
	"internal/kernel/prob",
	"internal/kernel/optim",
	"internal/kernel/pool",
	"internal/kernel/rand",
	"internal/kernel/bf16",
	"internal/kernel/gemm",
	"internal/kernel/conv",
	"internal/kernel/integer",
	"internal/kernel/rnn",
	"internal/kernel/sparse",
	"internal/kernel/attention",
	"internal/plot/canvas",
	"internal/plot",   // draws charts from plain numbers
	"pkg/onnx",        // files of ONNX as plain data
	"pkg/cluster",     // exchange between processes
	"pkg/cluster/mpi", // by an MPI library
	"pkg/spec",
	"pkg/task", // what a net predicts
	"pkg/graph",
	"pkg/graph/op",
	"pkg/graph/grad",
	"pkg/graph/pass",
	"pkg/graph/plan",
	"pkg/graph/exec",
	"pkg/layers/initializer",
	"pkg/layers/activation",
	"pkg/layers",
	"pkg/pruning", // which weights become zero
	"pkg/dataset/augment",
	"pkg/dataset/tokenizer",
	"pkg/dataset/numeral", // numbers as text
	"pkg/dataset/record",  // bytes into rows of fields
	"pkg/dataset/dates",
	"pkg/dataset/table",
	"pkg/dataset/corpus",
	"pkg/dataset/parquet", "pkg/dataset/npy",
	"pkg/dataset/image",
	"pkg/dataset/format",
	"pkg/dataset/synthetic",
	"pkg/dataset/split",
	"pkg/dataset/column",
	"pkg/dataset",
	"pkg/dataset/datasettest",
	"pkg/survey", // what columns of a table hold, before there is a spec
	"pkg/draft",  // specs from data
	"pkg/dataset/stream",
	"pkg/dataset/forecast",
	"pkg/metrics",
	"pkg/train/schedule",
	"pkg/train/loss",
	"pkg/train/optim",
	"pkg/train/checkpoint",
	"pkg/weights", // forms other than float32
	"pkg/vectors",
	"pkg/compress/recipe", // steps that make nets smaller, as a spec has them
	"pkg/tensors/pickle", "pkg/tensors/hdf5",
	"pkg/tensors", // files of weights of other programs
	"pkg/tensors/layout",
	"pkg/tensors/fit",
	"pkg/transfer", // which layers begin with those of other models
	"pkg/hints",    // layers of a net that learn from those of its teacher
	"pkg/model",
	"pkg/infer/ctc",
	"pkg/infer",
	"pkg/compress/quantize",
	"pkg/xla/stablehlo", // graphs as text for compilers of accelerators
	"pkg/xla/pjrt",      // plugins of XLA
	"pkg/xla",           // an engine: graphs on accelerators
	"pkg/explain",
	"pkg/importer",       // nets of ONNX files
	"pkg/export/calls",   // nets as calls of plain functions
	"pkg/export",         // models for use without dnn
	"pkg/export/weights", // as tensors of other programs
	"pkg/export/golang/kernels",
	"pkg/export/golang",
	"pkg/export/c",
	"pkg/export/exporttest",
	"pkg/export/onnx", // the net's graph as one of ONNX
	"pkg/train",
	"pkg/report",
	"pkg/compress/compresstest",
	"pkg/compress/factorize",
	"pkg/compress/prune",
	"pkg/compress/structure",
	"pkg/compress", // makes trained nets smaller, step by step
	"internal/check/reference",
	"internal/check/reference/generate",
	"cmd/internal/cli/exit",
	"cmd/internal/cli/term",
	"cmd/internal/cli/output",
	"cmd/internal/cli/flags",
	"cmd/internal/cli/input",
	"cmd/internal/cli/history",
	"cmd/internal/cli/models",
	"cmd/internal/cli/scores",
	"cmd/internal/cli/work",
	"cmd/internal/cli/check",
	"cmd/internal/cli/compress",
	"cmd/internal/cli/data",
	"cmd/internal/cli/devices",
	"cmd/internal/cli/diff",
	"cmd/internal/cli/eval",
	"cmd/internal/cli/explain",
	"cmd/internal/cli/forecast", "cmd/internal/cli/generate",
	"cmd/internal/cli/graph",
	"cmd/internal/cli/imports",
	"cmd/internal/cli/initialize",
	"cmd/internal/cli/list",
	"cmd/internal/cli/predict",
	"cmd/internal/cli/quantize",
	"cmd/internal/cli/export",
	"cmd/internal/cli/runs",
	"cmd/internal/cli/summary",
	"cmd/internal/cli/time",
	"cmd/internal/cli/train",
	"cmd/internal/cli/version",
	"cmd/internal/cli",
	"cmd/dnn", "cmd/dnn-accel",
	"internal/check/lint",
}

// apart lists rooms that know nothing of each other although the order would allow it.
var apart = []struct {
	room   string
	others []string
	why    string
}{
	{"internal/kernel", []string{"internal", "pkg"}, "kernels are loops over plain slices, so that they can be read, tested and replaced alone"},
	{"internal/plot", []string{"internal/registry", "internal/machine", "internal/parallel", "internal/exact", "internal/kernel", "pkg"}, "figures are drawn from plain numbers"},
	{"pkg/spec", []string{"internal/kernel", "internal/parallel", "internal/plot"}, "the envelope knows nothing of what is in it"},
	{"pkg/onnx", []string{"pkg"}, "a file of ONNX is plain data"},
	{"pkg/task", []string{"internal", "pkg"}, "what is predicted is described in plain words and numbers"},
	{"pkg/dataset", []string{"pkg/graph", "pkg/layers", "internal/kernel"}, "data is read without a net, so that it can be looked at alone"},
	{"pkg/metrics", []string{"pkg/graph", "pkg/layers", "pkg/dataset", "internal/kernel"}, "metrics are the judge: they share no code with what they judge"},
	{"pkg/layers", []string{"pkg/graph/grad", "pkg/graph/plan", "pkg/graph/exec"}, "a layer says what it is built from, not how that is run"},
	{"pkg/train", []string{"internal/plot"}, "a loop runs without drawing; pkg/report makes the report from what it returns"},
	{"pkg/train/checkpoint", []string{"pkg"}, "a file of tensors is a file of tensors"},
	{"pkg/xla/pjrt", []string{"internal", "pkg"}, "a plugin is called with plain arrays, and knows nothing of graphs"},
}

func TestOrder(t *testing.T) {
	for _, s := range files(t, program) {
		here := slices.Index(order, s.room)
		if here < 0 {
			t.Errorf("%s: the room %s is not in the order of the rooms; give it a place in internal/check/lint/order_test.go", s.path, s.room)
			continue
		}
		for p := range s.imports() {
			other, own := strings.CutPrefix(p, module+"/")
			if !own {
				continue
			}
			if there := slices.Index(order, other); there >= here {
				t.Errorf("%s imports %s, which stands behind %s on the data's way: each stage knows those before it, never one after", s.path, other, s.room)
			}
			for _, a := range apart {
				if s.under(a.room) && !(&source{room: other}).under(a.room) && (&source{room: other}).under(a.others...) {
					t.Errorf("%s imports %s: %s", s.path, other, a.why)
				}
			}
		}
	}
}

// TestCommandsApart: a command is a package with a NewCmd; what two of them need has a package of its own.
func TestCommandsApart(t *testing.T) {
	const cli = "cmd/internal/cli"
	commands := map[string]bool{}
	sources := files(t, func(s *source) bool { return program(s) && s.under(cli) })
	for _, s := range sources {
		for _, d := range s.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "NewCmd" {
				commands[s.room] = true
			}
		}
	}
	if len(commands) < 10 {
		t.Errorf("only %d commands were found: the rule is out of date", len(commands))
	}
	for _, s := range sources {
		for p := range s.imports() {
			if other, own := strings.CutPrefix(p, module+"/"); own && commands[other] && s.room != cli {
				t.Errorf("%s imports the command %s; move what both need into a package below %s", s.path, other, cli)
			}
		}
	}
}

// TestNoStrangers keeps the tool's settings out of the library: viper lower-cases keys, so it must never see a spec.
func TestNoStrangers(t *testing.T) {
	for _, s := range files(t, func(s *source) bool { return !s.under("cmd") }) {
		for p := range s.imports() {
			for _, stranger := range []string{"github.com/spf13/viper", "github.com/spf13/cobra", "github.com/schollz/progressbar"} {
				if strings.HasPrefix(p, stranger) {
					t.Errorf("%s imports %s: flags, settings and progress bars belong to the command line (cmd/internal/cli)", s.path, p)
				}
			}
		}
	}
}

func TestNoEmptyNames(t *testing.T) {
	for _, s := range files(t, func(*source) bool { return true }) {
		for _, part := range append(strings.Split(s.room, "/"), s.file.Name.Name) {
			if slices.Contains([]string{"util", "utils", "common", "types", "helpers", "misc", "base"}, part) {
				t.Errorf("%s: a package called %s says nothing of what it holds; name it after what it gives", s.path, part)
			}
		}
	}
}
