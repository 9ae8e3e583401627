package train

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// A training that takes long says so once it can tell, and only once.
func TestLongTrainingIsTold(t *testing.T) {
	for _, c := range []struct {
		step time.Duration
		told int
	}{{time.Second, 1}, {10 * time.Millisecond, 0}} {
		var out, err bytes.Buffer
		now := time.Now()
		w := &teller{term: term.New(nil, &out, &err), pause: func() {}, now: func() time.Time { return now }}
		w.Start(train.Length{Epochs: 20, TotalSteps: 4000})
		for step := range 1000 {
			now = now.Add(c.step)
			w.Step(train.Progress{Step: step + 1})
		}
		if got := strings.Count(err.String(), "this takes 1h07m, for 3,994 steps in 20 epochs"); got != c.told || strings.Count(err.String(), "\n") != c.told {
			t.Errorf("steps of %v: %q", c.step, err.String())
		}
	}
}

// That another figure than the monitored one decides is told once.
func TestUndefinedFigureIsTold(t *testing.T) {
	var out, err bytes.Buffer
	job := &model.Job{Data: &dataset.Data{}, Network: model.Network{Config: &model.Config{}}}
	job.Config.Train.Monitor = "validation_roc_auc"
	w := &teller{term: term.New(nil, &out, &err), pause: func() {}, now: time.Now, job: job}
	for range 3 {
		w.Epoch(train.Epoch{By: "validation_loss"})
	}
	if want := "warning: validation_roc_auc is undefined; validation_loss decides which weights are the best until it is defined\n"; err.String() != want {
		t.Errorf("%q, want %q", err.String(), want)
	}
}
