package golang

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/export/calls"
	"dnn/pkg/export/exporttest"
	"dnn/pkg/graph"
)

// TestOps runs the examples of all exported ops as one Go program, and compares each bit with dnn's own kernels.
func TestOps(t *testing.T) {
	examples, err := exporttest.Examples()
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) < 300 {
		t.Fatalf("only %d examples", len(examples))
	}
	c := &code{library: parsed()}
	var functions, all strings.Builder
	var weights []graph.Buffer
	var in bytes.Buffer
	at, small := 0, []int8{}
	for i, e := range examples {
		body, err := c.calls(e.Net)
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		fmt.Fprintf(&functions, "func case%d() {\n\tf, n, w, b := make([]float32, %d), make([]int32, %d), weights[%d:%d], bytes[%d:%d]\n\t_, _, _, _ = f, n, w, b\n",
			i, e.Net.Floats, e.Net.Ints, at, at+len(e.Net.Weights), len(small), len(small)+len(e.Net.Bytes))
		for _, p := range e.Net.Inputs {
			fmt.Fprintf(&functions, "\tread(%s)\n", span(p.Buffer))
		}
		functions.WriteString(body)
		for _, p := range e.Net.Outputs {
			fmt.Fprintf(&functions, "\twrite(%s)\n", span(p.Buffer))
		}
		functions.WriteString("}\n\n")
		fmt.Fprintf(&all, "\tcase%d()\n", i)
		weights, at = append(weights, graph.Buffer{F: e.Net.Weights}), at+len(e.Net.Weights)
		small = append(small, e.Net.Bytes...)
		in.Write(exporttest.Bytes(e.In))
	}
	kernels, err := c.library.source(c.needs)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf(`package main

import (
	"bufio"
	"encoding/binary"
	"os"
	"math"
)

var in, out = bufio.NewReader(os.Stdin), bufio.NewWriter(os.Stdout)

var weights, bytes = make([]float32, %d), []int8{%s}

func read(x any) { if err := binary.Read(in, binary.LittleEndian, x); err != nil { panic(err) } }
func write(x any) { if err := binary.Write(out, binary.LittleEndian, x); err != nil { panic(err) } }

%s
%s
%s
var _ = math.Pi

func main() {
	read(weights)
%s	out.Flush()
}
`, at, strings.ReplaceAll(strings.Trim(fmt.Sprint(small), "[]"), " ", ", "), c.variables(), functions.String(), kernels, all.String())
	text = strings.Replace(text, "\n\t\"os\"\n", "\n\t\"os\"\n\t\"math/bits\"\n", 1) + "\nvar _ = bits.Len\n"
	got := run(t, map[string]string{"main.go": text}, append(exporttest.Bytes(weights), in.Bytes()...))
	for _, wrong := range exporttest.Differ(examples, got) {
		t.Error(wrong)
	}
	t.Logf("%d examples of %d ops", len(examples), len(calls.Registry.Keys()))
}

// run runs a program of the given files, in a module for Go 1.21.
func run(t *testing.T, files map[string]string, in []byte, args ...string) []byte {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module exported\n\ngo 1.21\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "exported")
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = dir
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.3000s", err, text)
	}
	cmd := exec.Command(program, args...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	got, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%.3000s", err, stderr.Bytes())
	}
	return got
}
