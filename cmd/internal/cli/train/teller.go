package train

import (
	"fmt"
	"time"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/cmd/internal/cli/work"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// A training is told to take long when it takes longer than longTraining. That is judged once there were judgedSteps updates and
// they took judgedTime.
const (
	longTraining = 10 * time.Minute
	judgedSteps  = 5
	judgedTime   = 3 * time.Second
)

// teller says, once each, what a user should know of a training that runs: that it will take long, and that another figure than
// the monitored one decides which weights are the best. It passes everything on to the watcher that shows progress.
type teller struct {
	train.Watcher
	term      *term.Terminal
	job       *model.Job
	pause     func() // makes way for a line on the terminal
	now       func() time.Time
	length    train.Length
	first     time.Time // when the first update was done, which compiled the net
	from      int       // updates then
	undefined bool      // told that the monitored figure is undefined
	judged    bool      // told how long it takes, if long
}

func (t *teller) Start(length train.Length) {
	t.length = length
	if t.Watcher != nil {
		t.Watcher.Start(length)
	}
}

func (t *teller) Step(now train.Progress) {
	if t.Watcher != nil {
		t.Watcher.Step(now)
	}
	if t.judged {
		return
	}
	if t.first.IsZero() {
		t.first, t.from = t.now(), now.Step
		return
	}
	spent, steps := t.now().Sub(t.first), now.Step-t.from
	if steps < judgedSteps || spent < judgedTime {
		return
	}
	t.judged = true
	left := t.length.TotalSteps - now.Step
	if all := time.Duration(float64(spent) / float64(steps) * float64(left)); all > longTraining {
		t.pause()
		t.term.Note("this takes %s, for %s in %s, unless it stops early; Ctrl-C keeps what was learned, and --resume continues",
			work.Duration(all), output.Plural(left, "step"), output.Plural(t.length.Epochs, "epoch"))
	}
}

func (t *teller) Epoch(e train.Epoch) {
	if monitor := t.job.Config.Train.Monitor; !t.undefined && e.By != monitor {
		t.undefined = true
		t.pause()
		t.term.Warn("%s is undefined%s; %s decides which weights are the best until it is defined", monitor, t.why(), e.By)
	}
	if t.Watcher != nil {
		t.Watcher.Epoch(e)
	}
}

// why says why a figure of the validation split is undefined, where that is plain.
func (t *teller) why() string {
	if t.job.Data.Validation == nil {
		return ""
	}
	for k, counts := range t.job.Data.Validation.LabelCounts() {
		if class := onlyClass(counts); class >= 0 && len(counts) > 1 {
			return fmt.Sprintf(", since all rows of the validation split are of class %s", t.job.Heads[k].Classes[class])
		}
	}
	return " on the validation split"
}

// onlyClass is the class that all rows are of, -1 where they are of several.
func onlyClass(counts []int) int {
	only := -1
	for i, n := range counts {
		switch {
		case n > 0 && only >= 0:
			return -1
		case n > 0:
			only = i
		}
	}
	return only
}
