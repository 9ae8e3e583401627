package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/golden/graphs anew, and those that are missing")

// TestGolden holds the program to what an earlier version said of its models: see testdata/golden/README.md.
func TestGolden(t *testing.T) {
	top := t.TempDir()
	if err := os.CopyFS(filepath.Join(top, "golden"), os.DirFS("../../testdata/golden")); err != nil {
		t.Fatal(err)
	}
	data, err := filepath.Abs("../../testdata/data")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(data, filepath.Join(top, "data")); err != nil {
		t.Fatal(err)
	}
	specs, err := filepath.Glob(filepath.Join(top, "golden", "*", "spec.yaml"))
	if err != nil || len(specs) < 11 {
		t.Fatal(specs, err)
	}
	for _, spec := range specs {
		dir := filepath.Dir(spec)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			model := filepath.Join("final", "best.safetensors")
			sameText(t, "predictions.csv", run(t, dir, "predict", model, strings.TrimSpace(read(t, dir, "input"))), read(t, dir, "predictions.csv"))
			if filepath.Base(dir) == "windows" {
				sameText(t, "forecast.csv", run(t, dir, "forecast", model, "--steps", "1"), read(t, dir, "forecast.csv"))
			}
			sameFigures(t, "eval.json", run(t, dir, "eval", model, "--json"), read(t, dir, "eval.json"))
			run(t, dir, "train", "--resume", "run", "--set", "train.epochs=4")
			run(t, dir, "train", "-c", "spec.yaml", "--out", "anew")
			for _, now := range []string{"run", "anew"} {
				sameText(t, now+": tensors", tensors(t, filepath.Join(dir, now, "last.safetensors")), read(t, dir, "tensors.txt"))
				got, want := strings.Split(read(t, dir, now, "metrics.jsonl"), "\n"), strings.Split(read(t, dir, "final", "metrics.jsonl"), "\n")
				for i := range want {
					sameFigures(t, now+"/metrics.jsonl", got[i], want[i])
				}
			}
		})
	}
}

// TestGoldenQuantized holds the program to what an earlier version predicted with models whose weights are kept in other forms.
func TestGoldenQuantized(t *testing.T) {
	models, err := filepath.Glob("../../testdata/golden/quantized/*.safetensors")
	if err != nil || len(models) < 7 {
		t.Fatal(models, err)
	}
	for _, model := range models {
		name := strings.TrimSuffix(filepath.Base(model), ".safetensors")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, input := "../../testdata/golden", "../data/palmerpenguins.csv"
			if strings.HasPrefix(name, "image") {
				input = "../data/digits_png/3"
			}
			sameText(t, name, run(t, dir, "predict", "quantized/"+name+".safetensors", input), read(t, dir, "quantized", name+".csv"))
		})
	}
}

// TestGoldenGraphs holds what the nets in configs/ compile to. Only words may change in it. A new spec needs -update.
func TestGoldenGraphs(t *testing.T) {
	specs, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(specs) < 12 {
		t.Fatal(specs, err)
	}
	for _, spec := range specs {
		config := strings.TrimSuffix(filepath.Base(spec), ".yaml")
		for _, use := range []string{"train", "predict"} {
			t.Run(config+" "+use, func(t *testing.T) {
				t.Parallel()
				name := "../../testdata/golden/graphs/" + config + "-" + use + ".txt"
				got := run(t, ".", "graph", "-c", spec, "--stage", "optimized", "--for", use) + "\n== plan\n" +
					run(t, ".", "graph", "-c", spec, "--stage", "plan", "--for", use)
				if *update {
					if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
						t.Fatal(err)
					}
				}
				sameText(t, name, got, read(t, name))
			})
		}
	}
}

// run runs the program in a folder and returns what it writes to standard output. Rows that cannot be predicted, which end
// it with code 2, are no failure.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var out, said bytes.Buffer
	cmd := exec.Command("dnn", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &said
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir(), "DNN_QUIET=1")
	if args[0] == "graph" {
		cmd.Env = append(cmd.Env, "DNN_CPU=generic") // scratch memory in a plan depends on the kernels
	}
	if err := cmd.Run(); err != nil && (args[0] != "predict" || cmd.ProcessState.ExitCode() != 2) {
		t.Fatalf("dnn %s: %v\n%s", strings.Join(args, " "), err, &said)
	}
	return out.String()
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func sameText(t *testing.T, what, got, want string) {
	t.Helper()
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || a[i] != b[i] {
			t.Errorf("%s: %d lines and %d, which differ from line %d on:\n  %q\n  %q", what, len(a), len(b), i+1, a[min(i, len(a)-1)], b[min(i, len(b)-1)])
			return
		}
	}
}

// sameFigures wants every key of a golden JSON object with the same value. There may be more keys now.
func sameFigures(t *testing.T, what, got, want string) {
	t.Helper()
	if want == "" {
		return
	}
	var a, b any
	if err := json.Unmarshal([]byte(got), &a); err != nil {
		t.Fatalf("%s: %v: %q", what, err, got)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	contains(t, what, a, b)
}

func contains(t *testing.T, path string, got, want any) {
	t.Helper()
	object, ok := want.(map[string]any)
	if !ok {
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
		return
	}
	has, _ := got.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if key != "seconds" { // the time it took
			contains(t, path+"."+key, has[key], object[key])
		}
	}
}

// tensors lists the SHA-256 of each tensor of a safetensors file, as testdata/golden/tensors.py does.
func tensors(t *testing.T, name string) string {
	t.Helper()
	file := []byte(read(t, name))
	size := binary.LittleEndian.Uint64(file)
	var header map[string]struct {
		Offsets [2]int `json:"data_offsets"`
	}
	if err := json.Unmarshal(file[8:8+size], &header); err != nil {
		t.Fatal(err)
	}
	delete(header, "__metadata__")
	var list strings.Builder
	for _, tensor := range slices.Sorted(maps.Keys(header)) {
		at := header[tensor].Offsets
		fmt.Fprintf(&list, "%s %x\n", tensor, sha256.Sum256(file[8+size:][at[0]:at[1]]))
	}
	return list.String()
}
