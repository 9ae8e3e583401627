package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/text/encoding/htmlindex"
)

// The scripts in testdata/script run the program as its users do: as a process of its own, with arguments, files and
// signals.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dnn": main})
}

func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

func runScripts(t *testing.T, dir string) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DATA", filepath.Join(root, "testdata", "data"))
			e.Setenv("CONFIGS", filepath.Join(root, "configs"))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, ".config"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"encode": encode,
			"exits":  exits,
			"signal": signal,
			"talks":  talks,
		},
	})
}

// exits CODE PROGRAM ARGUMENTS… runs a program that must end with the code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := codeOf(ts, ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// encode writes a file, which is UTF-8, in another encoding.
func encode(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: encode ENCODING FILE")
	}
	as, err := htmlindex.Get(args[0])
	ts.Check(err)
	text, err := as.NewEncoder().String(ts.ReadFile(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

func codeOf(ts *testscript.TestScript, err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	ts.Check(err)
	return -1
}

// signal SIGNAL FILE CODE PROGRAM ARGUMENTS… starts a program, sends it a signal as soon as the file is there, and wants
// the code (-1: killed by the signal). What the program said on standard error is left in the file stderr.txt.
func signal(ts *testscript.TestScript, _ bool, args []string) {
	sig := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL, "HUP": syscall.SIGHUP}[args[0]]
	want, err := strconv.Atoi(args[2])
	ts.Check(err)
	said, err := os.Create(ts.MkAbs("stderr.txt"))
	ts.Check(err)
	defer said.Close()
	path, err := exec.LookPath(args[3])
	ts.Check(err)
	cmd := exec.Command(path, args[4:]...)
	cmd.Dir, cmd.Stderr = ts.MkAbs("."), said
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+ts.Getenv("XDG_CONFIG_HOME"))
	ts.Check(cmd.Start())
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if _, err := os.Stat(ts.MkAbs(args[1])); err == nil {
			break
		}
		if time.Now().After(deadline) {
			cmd.Process.Kill()
			ts.Fatalf("%s did not appear", args[1])
		}
	}
	ts.Check(cmd.Process.Signal(sig))
	if got := codeOf(ts, cmd.Wait()); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
