// Package worker is the Go side of the protocol between the driver and those who are measured: one JSON object a line,
// asked on stdin and answered on stdout. ../driver/client.py is the other side, ../peers/worker.py its twin in Python.
//
//	{"do":"load","kind":"gemm","args":{…},"mode":""}   {"id":0,"check":0.3,"steps":0,"memory":1000000}
//	{"do":"time","id":0,"n":100,"groups":5}            {"seconds":[…]}, for one repetition, of each group
//	{"do":"modes","kind":"gemm"}                       {"modes":[""]}
//	{"do":"about"}                                     {"name":"…","version":"…","isa":"…"}
package worker

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Work is a workload made ready to run.
type Work struct {
	Run   func(n int) // does the work n times
	Reset func()      // brings it back to its first state; may be nil
	Check float64     // a figure that all who do the same work agree on
	Steps int         // most repetitions after a Reset; 0 for any number
	Flops float64     // of one repetition, where only the worker knows
}

// Maker makes a workload from its arguments, for so many threads.
type Maker func(args json.RawMessage, threads int) (*Work, error)

var kinds = map[string]Maker{}

// Register makes a kind of workload known under the name of the file that calls.
func Register(m Maker) {
	_, file, _, _ := runtime.Caller(1)
	kinds[strings.TrimSuffix(filepath.Base(file), ".go")] = m
}

type request struct {
	Do, Kind, Mode string
	Args           json.RawMessage
	ID, N, Groups  int
}

// Serve answers until stdin ends. The only argument of the program is the number of threads. isa says which instruction
// sets its kernels use.
func Serve(name, version, isa string) {
	threads, err := strconv.Atoi(os.Args[len(os.Args)-1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "the argument is the number of threads:", err)
		os.Exit(2)
	}
	var works []*Work
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		out.Encode(answer(in.Bytes(), threads, about{name, version, isa}, &works))
	}
}

type about struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	ISA     string `json:"isa"`
}

func answer(line []byte, threads int, self about, works *[]*Work) (reply any) {
	defer func() {
		if r := recover(); r != nil {
			reply = map[string]any{"error": fmt.Sprint(r)}
		}
	}()
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		panic(err)
	}
	switch r.Do {
	case "about":
		return self
	case "modes":
		if kinds[r.Kind] == nil {
			return map[string]any{"modes": []string{}}
		}
		return map[string]any{"modes": []string{""}}
	case "load":
		before := resident()
		w, err := kinds[r.Kind](r.Args, threads)
		if err != nil {
			panic(err)
		}
		*works = append(*works, w)
		return map[string]any{"id": len(*works) - 1, "check": w.Check, "steps": w.Steps, "flops": w.Flops, "memory": status("VmHWM") - before}
	case "time":
		w := (*works)[r.ID]
		seconds := make([]float64, r.Groups)
		for i := range seconds {
			if w.Reset != nil {
				w.Reset()
			}
			start := time.Now()
			w.Run(r.N)
			seconds[i] = time.Since(start).Seconds() / float64(r.N)
		}
		return map[string]any{"seconds": seconds}
	case "drop":
		*works = nil
		debug.FreeOSMemory()
		return map[string]any{}
	}
	panic("unknown request " + r.Do)
}

// resident is the bytes of resident memory, from which on its peak is counted anew.
func resident() int {
	debug.FreeOSMemory()
	os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	return status("VmRSS")
}

// status is a figure of the process in bytes, 0 where the system does not tell.
func status(key string) int {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); strings.HasPrefix(line, key) && len(f) > 1 {
			kb, _ := strconv.Atoi(f[1])
			return kb * 1024
		}
	}
	return 0
}

// Args decodes the arguments of a workload.
func Args[T any](raw json.RawMessage) (a T, err error) {
	err = json.Unmarshal(raw, &a)
	return a, err
}

// Version finds the version of a module in what the program was built from.
func Version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if m.Path == module {
			return m.Version
		}
	}
	return "?"
}
