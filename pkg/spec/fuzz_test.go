package spec

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzSpec: whatever the text, reading ends in settings or in messages that name a place; and the resolved spec of what
// was read is stable.
func FuzzSpec(f *testing.F) {
	for _, m := range mistakes(f) {
		f.Add(m.text, strings.Join(m.sets, "\n"))
	}
	f.Add("layers:\n  - &d {type: dense, units: classes}\n  - {<<: *d, name: b, inputs: [a]}\n", "train.places=[[1]]")
	samples, _ := filepath.Glob("../../configs/*.yaml")
	for _, s := range samples {
		text, err := os.ReadFile(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), "")
	}
	f.Fuzz(func(t *testing.T, text, sets string) {
		var list []string
		if sets != "" {
			list = strings.Split(sets, "\n")
		}
		start := time.Now()
		c, got := read(t, text, list...)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("took %v", took)
		}
		for line := range strings.Lines(got) {
			if strings.HasPrefix(line, "0:0") {
				t.Errorf("no place: %s", line)
			}
		}
		if got != "" {
			return
		}
		resolved := Encode(c)
		again, got := read(t, string(resolved))
		if got != "" {
			t.Fatalf("the resolved spec is refused: %s\n%s", got, resolved)
		}
		if twice := Encode(again); !bytes.Equal(resolved, twice) {
			t.Fatalf("%s\nbecame\n%s", resolved, twice)
		}
	})
}
