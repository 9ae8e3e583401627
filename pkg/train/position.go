package train

import (
	"fmt"
	"path/filepath"
	"time"

	"dnn/pkg/model"
)

// Files of a run's folder.
const (
	LastFile    = "last.safetensors" // all that resuming needs
	BestFile    = model.BestFile     // the best weights so far, for use
	SpecFile    = "spec.yaml"
	MetricsFile = "metrics.jsonl"
)

// Position is how far a training is. Every checkpoint holds it.
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
	BestText   string    `json:"best"`                // JSON has no NaN
	BestLoss   *float64  `json:"best_loss,omitempty"` // breaks ties in Best; nil where Best is a loss, or is of an earlier version
	BestEpoch  int       `json:"best_epoch"`
	BestStep   int       `json:"best_step"`
	By         string    `json:"best_by,omitempty"` // the figure that Best is; a loss as long as the monitored one is undefined
	Reference  float64   `json:"-"`                 // the last figure that was an improvement by more than early_stopping.min_delta
	RefText    string    `json:"reference,omitempty"`
	Wait       int       `json:"wait"`               // validations since Reference
	Schedule   []float64 `json:"schedule,omitempty"` // what the schedule observed, see schedule.Observer
	Stopped    bool      `json:"stopped,omitempty"`  // by early stopping
	Done       bool      `json:"done,omitempty"`
	Fast       bool      `json:"fast,omitempty"`           // a trial
	Formers    formers   `json:"former_best,omitempty"`    // by figure, what was reached while another run monitored it
	Due        bool      `json:"validation_due,omitempty"` // within an epoch: it was interrupted
}

func (t *Trainer) path(name string) string { return filepath.Join(t.opts.Dir, name) }

// save writes a checkpoint that the training can be resumed from, while the training continues.
func (t *Trainer) save(name string) error {
	if !leads(t) {
		return nil
	}
	t.pos.BestText, t.pos.RefText = fmt.Sprint(t.pos.Best), fmt.Sprint(t.pos.Reference)
	f, err := t.content.Content(t.state, &t.pos)
	if err != nil {
		return err
	}
	if name == LastFile {
		t.saver.began = time.Now()
	}
	return t.saver.checkpoint(waiting{t.path(name), f, t.log})
}

// keepBest has the weights alone written with the next checkpoint.
func (t *Trainer) keepBest() error {
	if !leads(t) {
		return nil
	}
	f, err := t.content.Content(t.state, nil)
	if err != nil {
		return err
	}
	return t.saver.keep(t.path(BestFile), f)
}
