package work

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dnn/pkg/infer"
	"dnn/pkg/train"
)

// visible are the lines that a terminal shows of what was written, without control sequences.
func visible(text string) (lines []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		for {
			at := strings.IndexByte(line, 0x1b)
			if at < 0 {
				break
			}
			line = line[:at] + line[at+escapeLength([]byte(line[at:])):]
		}
		lines = append(lines, line)
	}
	return lines
}

// The line of a bar never wraps, whatever the width of the terminal, and whenever that changes.
func TestBarIsAsWideAsTheTerminal(t *testing.T) {
	columns := 40
	var out bytes.Buffer
	b := &bar{out: &narrow{to: &out, columns: func() int { return columns }}, colour: true}
	b.Start(train.Length{Epochs: 100, StepsPerEpoch: 50, TotalSteps: 5000})
	b.Epoch(train.Epoch{Validation: &infer.Scores{Loss: 0.25}})
	for _, columns = range []int{40, 120, 25, 60} {
		b.drawn, b.began = time.Time{}, time.Now().Add(-10*time.Second)
		out.Reset()
		b.Step(train.Progress{Epoch: 40, Step: 2000, Loss: 0.5})
		longest := 0
		for _, line := range visible(out.String()) {
			longest = max(longest, len([]rune(line)))
		}
		if longest >= columns || longest < min(columns, 90)-5 {
			t.Errorf("a line of %d columns on a terminal of %d: %q", longest, columns, out.String())
		}
		for text, least := range map[string]int{"epoch 40/100": 0, "s left": 40, "validation_loss 0.25": 60} {
			if columns > least && !strings.Contains(out.String(), text) {
				t.Errorf("%d columns lack %q: %q", columns, text, out.String())
			}
		}
	}
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		40 * time.Millisecond: "0.0s", 2345 * time.Millisecond: "2.3s", 75400 * time.Millisecond: "1m15s", 3*time.Hour + 125*time.Second: "3h02m",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}
