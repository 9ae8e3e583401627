package c

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

// TestOps runs the examples of all exported ops as one C program, and compares each bit with dnn's own kernels. So does a program that
// may fuse additions with products where the source does not.
func TestOps(t *testing.T) {
	examples, err := exporttest.Examples()
	if err != nil {
		t.Fatal(err)
	}
	c := &code{library: parsed()}
	var functions, all strings.Builder
	var weights []graph.Buffer
	var in bytes.Buffer
	var ran []exporttest.Example
	floats, ints, at, small := 1, 1, 0, []int8{0}
	for _, e := range examples {
		body, err := c.calls(e.Net)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		fmt.Fprintf(&functions, "static void case%d(void) {\n    const float *w = weights + %d;\n    const int8_t *b = bytes + %d;\n    (void)w;\n    (void)b;\n", len(ran), at, len(small))
		for _, p := range e.Net.Inputs {
			fmt.Fprintf(&functions, "    get(%s, %d);\n", place(p.Buffer), p.Size)
		}
		functions.WriteString(body)
		for _, p := range e.Net.Outputs {
			fmt.Fprintf(&functions, "    put(%s, %d);\n", place(p.Buffer), p.Size)
		}
		functions.WriteString("}\n\n")
		fmt.Fprintf(&all, "    case%d();\n", len(ran))
		weights, at = append(weights, graph.Buffer{F: e.Net.Weights}), at+len(e.Net.Weights)
		floats, ints = max(floats, e.Net.Floats), max(ints, e.Net.Ints)
		small = append(small, e.Net.Bytes...)
		in.Write(exporttest.Bytes(e.In))
		ran = append(ran, e)
	}
	functionsOf, err := c.library.source(c.needs)
	if err != nil {
		t.Fatal(err)
	}
	text := includes + fmt.Sprintf(`#include <stdio.h>

static float f[%d];
static int32_t n[%d];
static float weights[%d];
static const int8_t bytes[] = {%s};

%s%sstatic void get(void *to, size_t size) {
    if (fread(to, 4, size, stdin) != size) {
        fputs("short\n", stderr);
    }
}

static void put(const void *from, size_t size) { fwrite(from, 4, size, stdout); }

%sint main(void) {
    get(weights, %d);
    (void)n;
%s    return 0;
}
`, floats, ints, at+1, list(small, func(b int8) string { return fmt.Sprint(b) }), c.constants(), functionsOf, functions.String(), at, all.String())
	for _, flags := range [][]string{{"-std=c99", "-O1"}, {"-std=gnu99", "-O1", "-march=native", "-ffp-contract=fast"}} {
		got := compile(t, map[string]string{"main.c": text}, append(exporttest.Bytes(weights), in.Bytes()...), flags...)
		for _, wrong := range exporttest.Differ(ran, got) {
			t.Errorf("%v: %s", flags, wrong)
		}
	}
	t.Logf("%d examples of %d ops", len(ran), len(calls.Registry.Keys()))
}

// compile compiles C without a warning, and runs it.
func compile(t *testing.T, files map[string]string, in []byte, flags ...string) []byte {
	t.Helper()
	compiler, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler")
	}
	dir := t.TempDir()
	args := append([]string{"-Wall", "-Wextra", "-Werror", "-o", "all"}, flags...)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, ".c") {
			args = append(args, name)
		}
	}
	build := exec.Command(compiler, append(args, "-lm")...)
	build.Dir = dir
	if said, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.3000s", err, said)
	}
	cmd := exec.Command(filepath.Join(dir, "all"))
	cmd.Stdin = bytes.NewReader(in)
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
