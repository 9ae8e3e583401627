package train

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"

	"dnn/internal/newfile"
	"dnn/pkg/cluster"
	"dnn/pkg/train/schedule"
)

// judge decides whether a validation found the best weights so far, and whether to stop. Any improvement makes weights the best;
// only one by more than early_stopping.min_delta keeps the training from stopping.
//
// A figure that is undefined, such as the ROC AUC of rows of one class, is never better. As long as it was never defined, the loss
// decides in its place. Of equals, such as an F1 of 0 as long as no row is taken for positive, the one with the lower loss is the
// better; and while a figure that should rise is 0, the training is not taken for one that no longer improves.
func judge(t *Trainer, e *Epoch) {
	c := &t.job.Config.Train
	higher := t.job.HigherIsBetter()
	e.By, e.Monitored = c.Monitor, figure(c.Monitor, *e)
	first := t.pos.By == "" || t.pos.By != c.Monitor
	if first && math.IsNaN(e.Monitored) && c.Monitor != lossFigure(*e) {
		higher, e.By = false, lossFigure(*e)
		e.Monitored, first = figure(e.By, *e), t.pos.By == ""
	}
	worst := higher && e.Monitored == 0 && (first || t.pos.Best == 0)
	if o, ok := t.rate.(schedule.Observer); ok && !worst {
		if e.By != t.pos.By && t.pos.By != "" {
			t.pos.Schedule = o.Forget(t.pos.Schedule)
		}
		t.pos.Schedule = o.Observe(t.pos.Schedule, e.Monitored, higher)
	}
	t.pos.By = e.By
	e.Best = first || better(e.Monitored, t.pos.Best, 0, higher) || breaksTie(t, e)
	if e.Best {
		t.pos.Best, t.pos.BestEpoch, t.pos.BestStep = e.Monitored, e.Epoch, e.Step
		t.pos.BestLoss = tieLoss(e)
	}
	delta := 0.0
	if c.EarlyStopping != nil {
		delta = c.EarlyStopping.MinDelta
	}
	if first || better(e.Monitored, t.pos.Reference, delta, higher) {
		t.pos.Reference, t.pos.Wait = e.Monitored, 0
	} else if !worst {
		t.pos.Wait++
	}
	e.Wait = t.pos.Wait
	t.pos.Stopped = c.EarlyStopping != nil && t.pos.Wait >= c.EarlyStopping.Patience && pruningOf(t).Ended(e.Step)
}

// tieLoss is the loss of a validation by which it is compared with others that are equal in the monitored figure; nil where that
// is the loss, or where it is no number.
func tieLoss(e *Epoch) *float64 {
	loss := figure(lossFigure(*e), *e)
	if e.By == lossFigure(*e) || math.IsNaN(loss) || math.IsInf(loss, 0) {
		return nil
	}
	return &loss
}

// breaksTie reports whether a validation is equal to the best in the monitored figure, and has a lower loss.
func breaksTie(t *Trainer, e *Epoch) bool {
	loss := tieLoss(e)
	return loss != nil && t.pos.BestLoss != nil && e.Monitored == t.pos.Best && *loss < *t.pos.BestLoss
}

// better reports whether x improves on best by more than delta. What is not a number improves on nothing, and any number
// on it.
func better(x, best, delta float64, higher bool) bool {
	switch {
	case math.IsNaN(x):
		return false
	case math.IsNaN(best):
		return true
	case higher:
		return x > best+delta
	}
	return x < best-delta
}

// figure is what a validation says under a name of train.monitor.
func figure(name string, e Epoch) float64 {
	name, ok := strings.CutPrefix(name, "validation_")
	if !ok || e.Validation == nil {
		return e.Loss
	}
	return e.Validation.Get(name)
}

// lossFigure is the loss that decides where the monitored figure is undefined.
func lossFigure(e Epoch) string {
	if e.Validation == nil {
		return "training_loss"
	}
	return "validation_loss"
}

// formers are the best values of figures that were monitored before, whose weights FormerBest names.
type formers map[string]formerBest

type formerBest struct {
	Best  string   `json:"best"` // JSON has no NaN
	Epoch int      `json:"epoch"`
	Step  int      `json:"step"`
	Loss  *float64 `json:"loss,omitempty"`
}

// compareAnew begins the comparison of weights by another figure than before. The weights that were the best by the former one stay in
// the folder of the run, under its name. Those that were the best when the other figure was monitored before are the best again.
//
// The files are those of rank 0, which tells the others what it comes to.
func compareAnew(t *Trainer, former string) error {
	err := error(nil)
	if leads(t) {
		err = renew(t, former)
	}
	if err := cluster.Agree(t.opts.Comm, err, 1); err != nil {
		return err
	}
	return follow(t)
}

// renew is compareAnew on the rank that has the files.
func renew(t *Trainer, former string) error {
	if err := keepFormer(t, former); err != nil {
		return err
	}
	t.pos.By, t.pos.Wait = "", 0
	t.pos.Best, t.pos.Reference, t.pos.BestEpoch, t.pos.BestStep = math.NaN(), math.NaN(), 0, 0
	t.pos.BestLoss = nil
	if o, ok := t.rate.(schedule.Observer); ok {
		t.pos.Schedule = o.Forget(t.pos.Schedule)
	}
	monitor := t.job.Config.Train.Monitor
	if kept, ok := t.pos.Formers[monitor]; ok {
		switch data, err := os.ReadFile(t.path(FormerBest(monitor))); {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		default:
			if err := newfile.Write(t.path(BestFile), data); err != nil {
				return err
			}
			best := readFigure(kept.Best)
			t.pos.By, t.pos.Best, t.pos.Reference, t.pos.BestEpoch, t.pos.BestStep = monitor, best, best, kept.Epoch, kept.Step
			t.pos.BestLoss = kept.Loss
		}
	}
	if err := t.save(LastFile); err != nil { // so that whoever resumes a killed run knows by what its files are the best
		return err
	}
	return t.saver.wait()
}

// keepFormer keeps the best weights by a figure, unless better ones by it are kept: a loss also decides while another figure is
// undefined, without those that were kept.
func keepFormer(t *Trainer, former string) error {
	old, ok := t.pos.Formers[former]
	if ok && strings.HasSuffix(former, "_loss") && better(readFigure(old.Best), t.pos.Best, 0, false) {
		return nil
	}
	data, err := os.ReadFile(t.path(BestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if t.pos.Formers == nil {
		t.pos.Formers = formers{}
	}
	t.pos.Formers[former] = formerBest{fmt.Sprint(t.pos.Best), t.pos.BestEpoch, t.pos.BestStep, t.pos.BestLoss}
	return newfile.Write(t.path(FormerBest(former)), data)
}

// FormerBest names the file that keeps the best weights by a figure when another one is monitored from then on.
func FormerBest(figure string) string { return "best-" + figure + ".safetensors" }
