package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// killedSpec trains for a second or two, with all that a checkpoint has to remember.
const killedSpec = `
name: killed
seed: 7
dataset: {format: synthetic, generator: moons, rows: 400, noise: 0.3, split: {validation: 0.2}}
layers:
  - {type: dense, units: 64, activation: tanh}
  - batch_norm
  - {type: dropout, rate: 0.3}
  - {type: dense, units: classes}
optimizer: {type: adam, learning_rate: {type: plateau, initial: 0.01, patience: 5}}
train: {epochs: 60, batch_size: 8, validate_every: 13, checkpoint: {every_seconds: 0.02, keep_every: 20}}
`

// A restart loop of a training that is killed at any moment, also before its first checkpoint, ends in the bits of one that is
// not, with the same best weights, the same log and the same kept checkpoints.
func TestKilledAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(killedSpec), 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "train", "-c", "spec.yaml", "--out", "whole")
	draw := rand.New(rand.NewPCG(1, 2))
	kills := 0
	for range 30 {
		ended, _ := startFor(t, dir, time.Duration(5+draw.IntN(150))*time.Millisecond, "train", "-c", "spec.yaml", "--out", "killed", "--resume", "auto")
		if ended {
			break
		}
		kills++
	}
	run(t, dir, "train", "-c", "spec.yaml", "--out", "killed", "--resume", "auto")
	if kills < 3 {
		t.Errorf("killed %d times only", kills)
	}
	t.Log(kills, "kills")
	for _, name := range []string{"metrics.jsonl", "last.safetensors", "best.safetensors", "epoch-0020.safetensors", "epoch-0060.safetensors"} {
		if read(t, dir, "whole", name) != read(t, dir, "killed", name) {
			t.Errorf("%s differs after %d kills", name, kills)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "killed", "*.tmp")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// startFor runs the program for so long at most, then kills it. It reports whether it ended before, and what it said.
func startFor(t *testing.T, dir string, most time.Duration, args ...string) (ended bool, said string) {
	t.Helper()
	var text bytes.Buffer
	cmd := exec.Command("dnn", args...)
	cmd.Dir, cmd.Stderr = dir, &text
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(most, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	if timer.Stop(); err != nil && !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%v\n%s", err, &text)
	}
	return err == nil, text.String()
}

// What an unfinished start leaves is begun anew by --resume auto alone, and nothing of the user's is taken for it.
func TestBeginAnew(t *testing.T) {
	dir := t.TempDir()
	text := strings.Replace(killedSpec, "epochs: 60", "epochs: 1", 1)
	write := func(name, content string) {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o777)
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("spec.yaml", text)
	run(t, dir, "train", "-c", "spec.yaml", "--out", "first")
	resolved := read(t, dir, "first", "spec.yaml")
	for name, files := range map[string]map[string]string{
		"empty log": {"metrics.jsonl": ""},
		"half log":  {"metrics.jsonl": "", "metrics.jsonl.tmp": ""},
		"both":      {"metrics.jsonl": "", "spec.yaml": resolved},
	} {
		for file, content := range files {
			write(filepath.Join(name, file), content)
		}
		run(t, dir, "train", "-c", "spec.yaml", "--out", name, "--resume", "auto")
		if read(t, dir, name, "metrics.jsonl") != read(t, dir, "first", "metrics.jsonl") {
			t.Errorf("%s: another log", name)
		}
	}
	for name, files := range map[string]map[string]string{
		"spec alone":    {"spec.yaml": resolved},
		"own spec":      {"spec.yaml": text, "metrics.jsonl": ""},
		"log":           {"spec.yaml": resolved, "metrics.jsonl": "{}\n"},
		"notes":         {"spec.yaml": resolved, "metrics.jsonl": "", "notes.txt": "mine"},
		"best":          {"spec.yaml": resolved, "metrics.jsonl": "", "best.safetensors": "mine"},
		"without --out": {"metrics.jsonl": ""},
	} {
		for file, content := range files {
			write(filepath.Join(name, file), content)
		}
		args := []string{"train", "-c", "spec.yaml", "--out", name, "--resume", "auto"}
		if name == "without --out" {
			args = args[:5]
		}
		cmd := exec.Command("dnn", args...)
		cmd.Dir = dir
		said, _ := cmd.CombinedOutput()
		if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(said), "the folder is not empty") {
			t.Errorf("%s: code %d, %s", name, cmd.ProcessState.ExitCode(), said)
		}
		for file, content := range files {
			if read(t, dir, name, file) != content {
				t.Errorf("%s: %s was written over", name, file)
			}
		}
	}
}

// A log that nobody reads any more ends no training, and changes nothing of it.
func TestNobodyReadsTheLog(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(killedSpec), 0o666); err != nil {
		t.Fatal(err)
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("dnn", "train", "-c", "spec.yaml", "--set", "train.epochs=20", "--out", "run", "--json")
	cmd.Dir, cmd.Stderr = dir, writer
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir)
	reader.Close()
	out, err := cmd.Output()
	writer.Close()
	if err != nil || !strings.Contains(string(out), `"epochs":20`) {
		t.Errorf("%v: %s", err, out)
	}
	if !strings.Contains(read(t, dir, "run", "metrics.jsonl"), `"epoch":20`) {
		t.Error("the log ends before the training")
	}
}

// A disk that is full at the first checkpoint leaves nothing that a restart takes for another's, also where an epoch is one batch.
func TestFullAtFirst(t *testing.T) {
	dir := t.TempDir()
	for name, size := range map[string]string{"batches": "8", "one batch": "1000"} {
		text := strings.NewReplacer("epochs: 60", "epochs: 2", "batch_size: 8", "batch_size: "+size).Replace(killedSpec)
		if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("sh", "-c", `ulimit -f 16; exec dnn train -c spec.yaml --out "$0"`, name)
		cmd.Dir = dir
		if said, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(said), "last.safetensors: file too large") {
			t.Fatalf("%s: %v: %s", name, err, said)
		}
		run(t, dir, "train", "-c", "spec.yaml", "--out", name, "--resume", "auto")
		if log := read(t, dir, name, "metrics.jsonl"); !strings.Contains(log, `"epoch":2`) {
			t.Errorf("%s: %s", name, log)
		}
	}
}
