package train

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"dnn/pkg/model"
)

// expiring is a context that ends when it was asked so many times.
type expiring struct {
	context.Context
	left int
}

func (e *expiring) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

// A training that is interrupted while a validation writes texts ends soon, and is resumed with that validation: it ends in the
// same bits, and its log has the same lines. So it is with the scores at the end.
func TestInterruptedWhileItWrites(t *testing.T) {
	text := writing(t)
	sets := []string{"predict={beam: 8}", "train.batch_size=1", "train.epochs=2", "metrics=[character_error_rate]", "train.validate_every=2", "dataset.split={validation: 3}"}
	whole := t.TempDir()
	tr := run(t, open(t, text, sets...), whole, 1, 0)
	want := weightBits(tr)
	asked := &expiring{t.Context(), 1 << 30}
	if _, err := tr.Finish(asked, nil, nil); err != nil {
		t.Fatal(err)
	}
	if n := 1<<30 - asked.left; n < 20 {
		t.Fatalf("the scores ask %d times whether to stop", n)
	}
	if _, err := tr.Finish(&expiring{t.Context(), 9}, nil, nil); !errors.Is(err, ErrInterrupted) {
		t.Errorf("the scores end with %v", err)
	}
	due := 0
	for _, after := range []int{1, 6, 11, 30, 43} {
		dir := t.TempDir()
		part, err := New(open(t, text, sets...), Options{Dir: dir, Threads: 1, Watch: silent{}})
		if err != nil {
			t.Fatal(err)
		}
		if err := part.Run(&expiring{t.Context(), after}); !errors.Is(err, ErrInterrupted) {
			t.Errorf("asked %d times: ends with %v", after, err)
		}
		part.Close()
		file, err := model.Load(filepath.Join(dir, LastFile))
		if err != nil {
			t.Fatal(err)
		}
		if part.Position().Due {
			due++
		}
		if file.Position == nil {
			t.Error("the checkpoint cannot be resumed")
		}
		if got := weightBits(run(t, open(t, text, sets...), dir, 2, 0)); !slices.Equal(got, want) {
			t.Errorf("asked %d times and resumed: other bits", after)
		}
		if read(t, dir, MetricsFile) != read(t, whole, MetricsFile) {
			t.Errorf("asked %d times and resumed: another log", after)
		}
	}
	if due == 0 {
		t.Error("no validation was interrupted")
	}
}
