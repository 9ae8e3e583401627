package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/spf13/cobra"
)

func TestFiguresForPeople(t *testing.T) {
	for x, want := range map[float64]string{
		0: "0.0000", 0.98765: "0.9877", 12.3456: "12.346", 52980.41: "52980.4", 2.5951e9: "2.595e+09", 0.00012345: "0.0001234",
		-0.5: "-0.5000", math.Inf(1): "+Inf", math.NaN(): "-",
	} {
		if got := figure(x); got != want {
			t.Errorf("figure(%v) = %s, want %s", x, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
}

// What is written must be read back as the same float32, and be a JSON number.
func TestNumbersReadBack(t *testing.T) {
	for _, x := range []float32{0, 1, -1, 0.1, 1e-7, 3.0491307e-07, 206855.81, 16777216, 1e15, 3.4e38, math.SmallestNonzeroFloat32, 0.00012} {
		text := appendNumber(nil, float64(x))
		back, err := strconv.ParseFloat(string(text), 32)
		if err != nil || float32(back) != x {
			t.Errorf("%v is written as %s", x, text)
		}
		if !json.Valid(text) {
			t.Errorf("%s is no JSON", text)
		}
	}
}

func FuzzCSVFieldsReadBack(f *testing.F) {
	f.Add("a", "b,c", "\"d\"")
	f.Add("", " x ", "two\nlines")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		var line []byte
		for _, field := range []string{a, b, c} {
			line = append(appendCSV(line, field), ',')
		}
		line = append(line[:len(line)-1], '\n')
		r := csv.NewReader(bytes.NewReader(line))
		back, err := r.Read()
		norm := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") } // the reader does so
		if err != nil || len(back) != 3 || back[0] != norm(a) || back[1] != norm(b) || back[2] != norm(c) {
			t.Errorf("%q was written as %q and read as %q (%v)", []string{a, b, c}, line, back, err)
		}
	})
}

func FuzzJSONTextsReadBack(f *testing.F) {
	f.Add("plain")
	f.Add("\"quoted\" \\ \x00 é \u2028")
	f.Fuzz(func(t *testing.T, text string) {
		var back string
		if err := json.Unmarshal(quoteJSON(nil, text), &back); err != nil || back != strings.ToValidUTF8(text, "\ufffd") && back != text {
			if strings.ToValidUTF8(text, "") == text {
				t.Errorf("%q was read back as %q (%v)", text, back, err)
			}
		}
	})
}

// Processes that start at the same moment must not share a folder.
func TestRunsNeverShareAFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	var all sync.Map
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			dir, err := newRun("x", "")
			if err != nil {
				t.Error(err)
			}
			if _, twice := all.LoadOrStore(dir, true); twice {
				t.Errorf("%s was given twice", dir)
			}
		})
	}
	group.Wait()
	if dir, _ := newRun("x", ""); dir != filepath.Join("runs", "x", "0041") {
		t.Errorf("the next folder is %s", dir)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestALostResultIsAFailure(t *testing.T) {
	var said bytes.Buffer
	if code := Run([]string{"list", "layers"}, nil, full{}, &said); code != codeFailed || said.String() != "dnn: no space left on device\n" {
		t.Errorf("code %d, %q", code, said.String())
	}
}

// Every command explains itself, by examples too, and every flag has a text.
func TestEveryCommandHasHelp(t *testing.T) {
	a := &app{out: &output{w: &bytes.Buffer{}}, err: &bytes.Buffer{}}
	for _, cmd := range a.root().Commands() {
		if cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		if len(cmd.Long) < 100 || !strings.Contains(cmd.Example, "dnn "+cmd.Name()) || cmd.GroupID == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: wants a long text, a short one without a full stop, examples and a group", cmd.Name())
		}
		checkFlags(t, cmd)
	}
}

func checkFlags(t *testing.T, cmd *cobra.Command) {
	names := flagNames(cmd)
	if !slices.IsSorted(names) {
		slices.Sort(names)
	}
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("%s: flags stand twice: %v", cmd.Name(), names)
	}
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f != nil && f.Usage == "" {
			t.Errorf("%s --%s has no text", cmd.Name(), name)
		}
	}
}

func TestOneTrainingInAFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders are not locked")
	}
	dir := t.TempDir()
	release, err := lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock(dir); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second lock: %v", err)
	}
	release()
	release, err = lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
