package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/augment"
	"dnn/pkg/infer"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train/optim"
	"dnn/pkg/train/schedule"
)

// Files of a run's folder.
const (
	LastFile    = "last.safetensors" // all that resuming needs
	BestFile    = "best.safetensors" // the best weights so far, for use
	SpecFile    = "spec.yaml"
	MetricsFile = "metrics.jsonl"
)

// Position is where a training stands. Every checkpoint holds it.
type Position struct {
	Epoch      int       `json:"epoch"` // epochs finished
	Batch      int       `json:"batch"` // batches of the current epoch that were seen
	Step       int       `json:"step"`  // updates made
	Seen       int       `json:"seen"`  // batches seen
	Digest     string    `json:"data_digest"`
	LossSum    float64   `json:"loss_sum"` // over the current epoch
	LossWeight float64   `json:"loss_weight"`
	Rate       float64   `json:"learning_rate"`
	Best       float64   `json:"-"`
	BestText   string    `json:"best"` // JSON has no NaN
	BestEpoch  int       `json:"best_epoch"`
	BestStep   int       `json:"best_step"`
	Wait       int       `json:"wait"`
	Schedule   []float64 `json:"schedule,omitempty"` // what the schedule observed, see schedule.Observer
	Stopped    bool      `json:"stopped,omitempty"`  // by early stopping
	Done       bool      `json:"done,omitempty"`
	Fast       bool      `json:"fast,omitempty"` // a trial
}

func (t *Trainer) path(name string) string { return filepath.Join(t.opts.Dir, name) }

// save writes a checkpoint that the training can be resumed from, while the training goes on.
func (t *Trainer) save(name string) error {
	t.pos.BestText = fmt.Sprint(t.pos.Best)
	return t.write(name, &t.pos)
}

// saveBest writes the weights alone.
func (t *Trainer) saveBest() error { return t.write(BestFile, nil) }

func (t *Trainer) write(name string, position any) error {
	f, err := model.Content(t.path(name), &t.job.Network, t.state, position)
	if err != nil {
		return err
	}
	return t.saver.put(t.path(name), f, position != nil)
}

// Misfit says why a checkpoint cannot be resumed: it is no such thing, or was written for another training.
type Misfit struct{ text string }

func (m *Misfit) Error() string { return m.text }

func misfit(format string, args ...any) error { return &Misfit{fmt.Sprintf(format, args...)} }

// resume takes over weights, optimizer state and position of a checkpoint. More epochs than before are welcome; other
// data is not.
func (t *Trainer) resume(f *model.File) error {
	if f.Position == nil {
		return misfit("%s holds a finished model, not a training that can be resumed; use %s of the run's folder", f.Path, LastFile)
	}
	t.pos = Position{}
	if err := json.Unmarshal(f.Position, &t.pos); err != nil {
		return misfit("%s: its position cannot be read: %v", f.Path, err)
	}
	if _, err := fmt.Sscan(t.pos.BestText, &t.pos.Best); err != nil {
		t.pos.Best = math.NaN()
	}
	switch {
	case t.pos.Fast && !t.opts.Fast:
		return misfit("%s is a trial (--fast), which goes on as such only; for the whole training start anew", f.Path)
	case !t.pos.Fast && t.opts.Fast:
		return misfit("%s is a whole training, which --fast would cut short; leave it out", f.Path)
	}
	if t.pos.Digest != t.job.Data.Digest {
		return misfit("%s was trained on other data than the spec names now (the files changed, or it is another dataset); start anew, or bring the data back", f.Path)
	}
	if what := differs(&f.Net.Config.Train, &t.job.Config.Train, f.Net, &t.job.Network); what != "" {
		return misfit("%s was trained with another %s; only the length of a training and what is reported may change when it is resumed", f.Path, what)
	}
	t.state = f.State
	if _, err := t.program(key{t.job.Stretch(min(t.job.Config.Train.BatchSize, t.job.Data.Train.Rows())), t.firstRole()}); err != nil {
		return misfit("%s does not fit the spec: %v", f.Path, err)
	}
	if o, ok := t.rate.(schedule.Observer); ok {
		if err := o.CheckObserved(t.pos.Schedule); err != nil {
			return misfit("%s: %v", f.Path, err)
		}
	}
	t.pos.Done = false
	if stop := t.job.Config.Train.EarlyStopping; stop == nil || t.pos.Wait < stop.Patience {
		t.pos.Stopped = false
	}
	return nil
}

// differs names the first setting that two specs do not share though the bits of a training depend on it.
func differs(a, b *model.Training, x, y *model.Network) string {
	encode := func(v any) string { return string(spec.Encode(v)) }
	type portions struct {
		BatchSize, Accumulate int
		Shuffle, Group        bool
		Stateful              bool
		Unroll                int
		Clip                  *model.Clip
		Average               *model.WeightAverage
	}
	sections := []struct {
		name string
		a, b any
	}{
		{"augmentation (dataset.augment)", struct{ A []augment.Augmentation }{x.Config.Dataset.Augment}, struct{ A []augment.Augmentation }{y.Config.Dataset.Augment}},
		{"seed", struct{ S uint64 }{x.Config.Seed}, struct{ S uint64 }{y.Config.Seed}},
		{"net (layers)", struct{ L []layers.Entry }{x.Config.Layers}, struct{ L []layers.Entry }{y.Config.Layers}},
		{"loss", struct{ L model.Losses }{x.Config.Loss}, struct{ L model.Losses }{y.Config.Loss}},
		{"optimizer", struct{ O optim.Optimizer }{x.Config.Optimizer}, struct{ O optim.Optimizer }{y.Config.Optimizer}},
		{
			"batch_size, accumulate, shuffle, group_by_length, stateful, unroll, gradient_clip or weight_average",
			portions{a.BatchSize, a.Accumulate, a.Shuffle, a.GroupByLength, a.Stateful, a.Unroll, a.GradientClip, a.WeightAverage},
			portions{b.BatchSize, b.Accumulate, b.Shuffle, b.GroupByLength, b.Stateful, b.Unroll, b.GradientClip, b.WeightAverage},
		},
	}
	for _, s := range sections {
		if encode(s.a) != encode(s.b) {
			return s.name
		}
	}
	old, err := json.Marshal(x.Schema)
	now, err2 := json.Marshal(y.Schema)
	if err != nil || err2 != nil || string(old) != string(now) {
		return "encoding of the data"
	}
	return ""
}

func (t *Trainer) firstRole() model.Accumulation {
	if t.job.Config.Train.Accumulate > 1 {
		return model.Ending
	}
	return model.Alone
}

// score scores a part with the current weights; a fast run takes a few batches only.
func (t *Trainer) score(part *dataset.Part) (*infer.Scores, error) {
	if t.opts.Fast {
		part = part.First(fastBatches * t.job.Config.Train.BatchSize)
	}
	return infer.ScorePart(t.runner, part, nil)
}

// log writes metrics.jsonl: one line for each validation, as it happens.
type log struct {
	file *os.File
}

// line is one line of the log.
type line struct {
	Epoch      int           `json:"epoch"`
	Step       int           `json:"step"`
	Loss       *float64      `json:"training_loss"`
	Rate       float64       `json:"learning_rate"`
	Validation *infer.Scores `json:"validation,omitempty"`
	Best       bool          `json:"best,omitempty"`
}

// openLog starts a log, or continues one: lines after the position that is resumed from are dropped, for they will be
// written again.
func openLog(dir string, resume bool, pos Position) (*log, error) {
	path := filepath.Join(dir, MetricsFile)
	var keep []byte
	if resume {
		old, err := os.Open(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			lines := bufio.NewScanner(old)
			lines.Buffer(nil, 1<<24)
			for lines.Scan() {
				var l struct{ Step int }
				if json.Unmarshal(lines.Bytes(), &l) == nil && l.Step <= pos.Step {
					keep = append(append(keep, lines.Bytes()...), '\n')
				}
			}
			old.Close()
		}
	}
	temp := path + ".tmp" // a kill between here and the rename leaves the old log
	if err := os.WriteFile(temp, keep, 0o666); err != nil {
		return nil, fmt.Errorf("%s: %w", path, errors.Unwrap(err)) // not the temporary name
	}
	if err := os.Rename(temp, path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return &log{f}, nil
}

func (l *log) write(e Epoch) error {
	out := line{Epoch: e.Epoch, Step: e.Step, Rate: e.Rate, Validation: e.Validation, Best: e.Best}
	if !math.IsNaN(e.Loss) {
		out.Loss = &e.Loss
	}
	data, err := json.Marshal(out)
	if err != nil {
		return err
	}
	_, err = l.file.Write(append(data, '\n'))
	return err
}
