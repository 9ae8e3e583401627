package train

import (
	"bufio"
	"encoding/json"
	"math"
	"strings"

	"dnn/internal/regular"
)

// Improving says that a training ended while its figures still got better.
type Improving struct {
	Figure   string  `json:"figure"`
	From     float64 `json:"from"` // before the last tenth of the validations
	To       float64 `json:"to"`
	Epochs   int     `json:"epochs"` // since From
	Longer   int     `json:"-"`      // the epochs, or steps, that may be worth a try
	OfEpochs bool    `json:"-"`      // they are epochs
}

// The last tenth of the validations shows whether a training still improves: the best figure is among them, and they brought
// more than a hundredth of the whole improvement.
const (
	lastShare     = 10
	leastProgress = 0.01
)

// validation is what a line of the log says of a figure.
type validation struct {
	epoch  int
	figure float64
}

// improving looks at the log for figures that still got better when the training ended: the one that decided, or the loss. It is
// nil where none did, and where early stopping or a trial ended the training.
func improving(t *Trainer) (*Improving, error) {
	if t.pos.Stopped || t.pos.Fast {
		return nil, nil
	}
	higher := t.pos.By == t.job.Config.Train.Monitor && t.job.HigherIsBetter()
	names := []string{t.pos.By}
	if t.job.Data.Validation != nil && t.pos.By != "validation_loss" {
		names = append(names, "validation_loss")
	}
	for i, name := range names {
		list, err := readLog(t.path(MetricsFile), name)
		if err != nil {
			return nil, err
		}
		if found := improvement(list, higher && i == 0); found != nil {
			found.Figure, found.Longer, found.OfEpochs = name, 2*t.job.Config.Train.Epochs, true
			if steps := t.job.Config.Train.Steps; steps > 0 {
				found.Longer, found.OfEpochs = 2*steps, false
			}
			return found, nil
		}
	}
	return nil, nil
}

// improvement compares the best figure of the last tenth of the validations with the best before.
func improvement(list []validation, higher bool) *Improving {
	if len(list) < 2 {
		return nil
	}
	cut := len(list) - max(1, len(list)/lastShare)
	best := func(of []validation) validation {
		b := validation{figure: math.NaN()}
		for _, v := range of {
			if better(v.figure, b.figure, 0, higher) {
				b = v
			}
		}
		return b
	}
	before, after := best(list[:cut]), best(list[cut:])
	if !better(after.figure, before.figure, 0, higher) {
		return nil
	}
	if all := math.Abs(after.figure - list[0].figure); math.Abs(after.figure-before.figure) < leastProgress*all {
		return nil
	}
	return &Improving{From: before.figure, To: after.figure, Epochs: after.epoch - before.epoch}
}

// readLog reads a figure from all lines of a log.
func readLog(path, name string) (list []validation, err error) {
	f, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var l struct {
			Epoch      int                        `json:"epoch"`
			Loss       json.RawMessage            `json:"training_loss"`
			Validation map[string]json.RawMessage `json:"validation"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return nil, err
		}
		raw := l.Loss
		if name, ok := strings.CutPrefix(name, "validation_"); ok {
			raw = l.Validation[name]
		}
		var x *float64
		if json.Unmarshal(raw, &x) == nil && x != nil {
			list = append(list, validation{l.Epoch, *x})
		}
	}
	return list, lines.Err()
}
