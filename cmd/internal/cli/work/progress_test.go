package work

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dnn/pkg/infer"
	"dnn/pkg/train"
)

// The bar of a resumed training shows the share of the whole, whose epochs it counts, and the time that the rest takes.
func TestBarCountsFromTheBeginning(t *testing.T) {
	var out bytes.Buffer
	b := &bar{out: &narrow{to: &out, columns: func() int { return 120 }}}
	b.Start(train.Length{Epochs: 4, StepsPerEpoch: 50, TotalSteps: 200, From: train.Position{Step: 100}})
	if text := out.String(); !strings.Contains(text, "50%") {
		t.Errorf("at the start: %q", text)
	}
	b.Epoch(train.Epoch{Validation: &infer.Scores{Loss: 0.25}})
	b.began = time.Now().Add(-10 * time.Second)
	out.Reset()
	b.Step(train.Progress{Epoch: 4, Step: 150, Loss: 0.5})
	for _, want := range []string{"epoch 4/4  loss 0.5000  validation_loss 0.2500  1", "s left", "75%"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q lacks %q", out.String(), want)
		}
	}
}
