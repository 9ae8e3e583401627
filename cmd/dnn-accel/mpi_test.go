//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// launchersEnv lists launchers (mpirun) to test with, separated by colons; make test-mpi sets it.
const launchersEnv = "DNN_TEST_MPIRUN"

const spec = `
name: moons
seed: 5
dataset: {format: synthetic, generator: moons, rows: 1003, noise: 0.2}
layers:
  - {type: dense, units: 19, activation: tanh}
  - batch_norm
  - {type: dropout, rate: 0.3}
  - {type: dense, units: classes}
train: {steps: 400, batch_size: 48, shards: 4, checkpoint: {every_steps: 50}}
`

// program is the program under test in a folder of its own, with the spec.
type program struct {
	*testing.T
	dir, path string
}

func build(t *testing.T) *program {
	t.Helper()
	p := &program{t, t.TempDir(), filepath.Join(t.TempDir(), "dnn-accel")}
	if out, err := exec.Command("go", "build", "-o", p.path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p.write("spec.yaml", spec)
	return p
}

func (p *program) write(name, text string) {
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o666); err != nil {
		p.Fatal(err)
	}
}

// start starts dnn-accel train as so many ranks; with a launcher of "" as a single process.
func (p *program) start(launcher string, ranks int, args ...string) (*exec.Cmd, *bytes.Buffer) {
	p.Helper()
	cmd := exec.Command(p.path, append([]string{"train"}, args...)...)
	cmd.Env = append(os.Environ(), "DNN_THREADS=1")
	if launcher != "" {
		cmd = exec.Command(launcher, append([]string{"-n", fmt.Sprint(ranks), p.path, "train", "--mpi"}, args...)...)
		cmd.Env = append(os.Environ(), "DNN_THREADS=1", "PATH="+filepath.Dir(launcher)+":"+os.Getenv("PATH"),
			"OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1", "PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe")
	}
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = p.dir, &out, &out
	if err := cmd.Start(); err != nil {
		p.Fatal(err)
	}
	return cmd, &out
}

// train is start to the end, with the exit code.
func (p *program) train(launcher string, ranks int, args ...string) (code int, out string) {
	p.Helper()
	cmd, text := p.start(launcher, ranks, args...)
	cmd.Wait()
	return cmd.ProcessState.ExitCode(), text.String()
}

// result is what a run comes to, to the bit: its log and its checkpoint, but for the paths in the spec.
func (p *program) result(dir string) string {
	p.Helper()
	log, err := os.ReadFile(filepath.Join(p.dir, dir, "metrics.jsonl"))
	last, err2 := os.ReadFile(filepath.Join(p.dir, dir, "last.safetensors"))
	if err := errors.Join(err, err2); err != nil {
		p.Error(err)
		return ""
	}
	return string(log) + string(last[len(last)/2:])
}

// ranks are the processes of the program.
func (p *program) ranks() (list []int) {
	names, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil && strings.HasPrefix(string(text), p.path+"\x00") {
			n, _ := strconv.Atoi(strings.Split(name, "/")[2])
			list = append(list, n)
		}
	}
	return list
}

// once waits for a file, and calls f then.
func (p *program) once(file string, f func()) {
	for range 6000 {
		if _, err := os.Stat(filepath.Join(p.dir, file)); err == nil {
			f()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Errorf("%s does not appear", file)
}

// counts are the numbers of ranks; 4 take long on fewer processors, since ranks wait actively.
func counts() []int {
	if testing.Short() {
		return []int{1, 2}
	}
	return []int{1, 2, 4}
}

func launchers(t *testing.T) []string {
	text := os.Getenv(launchersEnv)
	if text == "" {
		t.Skip("no " + launchersEnv)
	}
	return strings.Split(text, ":")
}

// Any number of ranks of any library ends in the bits of one process, and rank 0 alone speaks.
func TestRanksEndInTheSameBits(t *testing.T) {
	p := build(t)
	if code, out := p.train("", 1, "-c", "spec.yaml", "-o", "alone", "--set", "train.steps=60"); code != 0 {
		t.Fatalf("%d\n%s", code, out)
	}
	for i, launcher := range launchers(t) {
		for _, n := range counts() {
			dir := fmt.Sprintf("ranks-%d-%d", i, n)
			code, out := p.train(launcher, n, "-c", "spec.yaml", "-o", dir, "--set", "train.steps=60")
			if code != 0 || p.result(dir) != p.result("alone") {
				t.Errorf("%s -n %d: %d, other bits\n%s", launcher, n, code, out)
			}
			if strings.Count(out, "parameters on") != 1 || strings.Count(out, "accuracy") > 20 {
				t.Errorf("%s -n %d: several ranks speak\n%s", launcher, n, out)
			}
		}
	}
}

// A rank that is killed ends the job, and what it leaves is resumed on another number of ranks, to the bit; so is a job that was told
// to stop, with the signal's exit code, after a checkpoint.
func TestRanksThatAreStopped(t *testing.T) {
	p := build(t)
	if code, out := p.train("", 1, "-c", "spec.yaml", "-o", "alone"); code != 0 {
		t.Fatalf("%d\n%s", code, out)
	}
	for i, launcher := range launchers(t) {
		for _, c := range []struct {
			name   string
			signal func(launcher *os.Process)
			code   int // 0: any but 0
			resume int // ranks
		}{
			{"killed", func(*os.Process) { ranks := p.ranks(); syscall.Kill(ranks[i%len(ranks)], syscall.SIGKILL) }, 0, 1},
			{"told", func(*os.Process) { syscall.Kill(p.ranks()[0], syscall.SIGTERM) }, 143, slices.Max(counts())},
			{"passed-on", func(launcher *os.Process) { launcher.Signal(syscall.SIGUSR1) }, 138, 1},
			{"ended", func(launcher *os.Process) { launcher.Signal(syscall.SIGTERM) }, 0, 2},
		} {
			dir := fmt.Sprintf("%s-%d", c.name, i)
			cmd, out := p.start(launcher, 2, "-c", "spec.yaml", "-o", dir)
			p.once(filepath.Join(dir, "last.safetensors"), func() { c.signal(cmd.Process) })
			cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code == 0 || c.code != 0 && code != c.code {
				t.Errorf("%s, %s: exit code %d\n%s", launcher, c.name, code, out)
			}
			for wait := 0; len(p.ranks()) > 0 && wait < 500; wait++ {
				time.Sleep(10 * time.Millisecond)
			}
			if left := p.ranks(); len(left) > 0 {
				t.Errorf("%s, %s: ranks %v are left", launcher, c.name, left)
			}
			if code, out := p.train(launcher, c.resume, "--resume", dir); code != 0 || p.result(dir) != p.result("alone") {
				t.Errorf("%s, %s: resumed on %d ranks: %d, other bits\n%s", launcher, c.name, c.resume, code, out)
			}
		}
	}
}

// A mistake is told once, by rank 0, with its exit code; one of a single rank too.
func TestRanksThatCannotTrain(t *testing.T) {
	p := build(t)
	p.write("wrong.yaml", strings.Replace(spec, "units: 19", "units: nineteen", 1))
	p.write("large.yaml", strings.Replace(spec, "learning", "", 1)+"optimizer: {type: sgd, learning_rate: 1e30}\n")
	for _, launcher := range launchers(t) {
		for _, c := range []struct {
			args []string
			want string
			code int
		}{
			{[]string{"-c", "wrong.yaml"}, "wrong.yaml:6:", 2},
			{[]string{"-c", "none.yaml"}, "none.yaml: no such file", 2},
			{[]string{"-c", "spec.yaml", "--folds", "3"}, "--mpi trains one net", 2},
			{[]string{"-c", "large.yaml"}, "diverged in step", 3},
		} {
			code, out := p.train(launcher, 2, c.args...)
			if code != c.code || strings.Count(out, c.want) != 1 {
				t.Errorf("%s %v: exit code %d\n%s", launcher, c.args, code, out)
			}
		}
	}
}
