package model

import (
	"fmt"
	"path/filepath"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/spec"
	"dnn/pkg/train/schedule"
)

// Refit says of a model that it was trained on the rows of the training and the validation split, for as long as an earlier
// training on the training split alone took to its best weights.
type Refit struct {
	Epochs float64 `json:"epochs"`
	Steps  int     `json:"steps"`
	Rows   int     `json:"rows"` // of both splits
}

// checkRefit notes trainings that cannot be repeated with the rows of the validation split.
func checkRefit(j *Job, p *spec.Problems) {
	const path = "train.refit"
	if !j.Config.Train.Refit || p.Under("dataset") {
		return
	}
	if o := j.Config.Optimizer; o != nil {
		if _, observes := o.Learning().(schedule.Observer); observes {
			p.Add(path, "the learning rate follows the validation (%s), and nothing is left to validate by: choose another schedule", spec.KeyOf(o.Learning()))
		}
	}
	switch {
	case j.Data.Train == nil:
	case j.Data.Validation == nil:
		p.Add(path, "there is no validation split: all rows that there are for it are trained on already")
	case !j.Data.Joinable():
		p.Add(path, "needs a validation split out of the rows of the training split (dataset.split.validation: 0.1); that of the data is a file or a text of its own")
	}
}

// ToRefit opens a job again for a training on the rows of its training and its validation split, of which the first are no
// longer apart from the second. The sizes of its net may differ, if the rows of validation hold other words.
func ToRefit(j *Job, options ...dataset.Option) (*Job, error) {
	text, err := j.SpecFor("")
	if err != nil {
		return nil, err
	}
	doc, err := spec.Parse(filepath.Join(j.Dir, j.Config.Name+".yaml"), text, []string{
		"train.refit=false", "train.monitor=training_loss", "train.calibration=none", "train.threshold=null", "train.intervals=[]", // there is no validation
	})
	if err != nil {
		return nil, err
	}
	again, err := Open(doc, append(slices.Clip(options), dataset.JoinValidation())...)
	if err != nil {
		return nil, fmt.Errorf("train.refit: %w", err)
	}
	again.Off = j.Off
	again.Config.Train.EarlyStopping, again.Config.Train.ValidateEvery = nil, 0
	return again, nil
}

// Refitted is the net of a job that ToRefit returned, as its file tells of it: with the spec of the job that it was made of, and
// with what was fitted to the predictions of that one's model, for no rows are left to fit it anew.
func Refitted(again, first *Job, how Refit, tuning Tunings) *Network {
	net := again.Network
	config := *again.Config
	config.Train = first.Config.Train
	net.Config, net.Refit = &config, &how
	Tune(&net, tuning)
	return &net
}
