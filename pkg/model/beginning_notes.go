package model

import (
	"fmt"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/train/loss"
)

// tellSplit says that rows were taken for validation which the spec does not ask for, and that there are none to judge by.
func (j *Job) tellSplit(asked Training) {
	switch part := j.Data.Validation; {
	case part != nil && j.Config.Dataset.Split.ByDefault():
		j.Beginning.Add("dataset.split", "validation: %s taken from the training split; dataset.split.validation sets how many (0: none)", phrase.Count(part.Rows(), "row"))
	case part == nil && asked.EarlyStopping != nil && asked.Monitor == "" && j.Data.Train != nil:
		j.Beginning.Warn("train.early_stopping", "there is no validation split, so the training loss decides when to stop, which goes on to fall when a net overfits; dataset.split.validation sets one apart")
	}
}

// usualBatch is the default of train.batch_size, which nobody chose with a small training split in mind.
const usualBatch = 32

// tellBatch warns of a batch that takes all rows.
func tellBatch(j *Job) {
	if size := j.Config.Train.BatchSize; j.rows > 0 && size > max(j.rows, usualBatch) && !j.Config.Train.Stateful {
		j.Beginning.Warn("train.batch_size", "%s is more than the %s of the training split: an epoch is a single update of the weights", phrase.Thousands(size), phrase.Count(j.rows, "row"))
	}
}

// tellLevels warns of predictions that are no medians, though the loss has several levels.
func tellLevels(j *Job) {
	for k := range j.Heads {
		l, _ := j.Loss(k)
		leveled, ok := l.(loss.Leveled)
		if !ok || len(leveled.Shares()) < 2 {
			continue
		}
		if level := leveled.Shares()[leveled.Central()]; level != 0.5 {
			j.Beginning.Warn("loss.levels", "no level is 0.5: the prediction of %s is the %v level", phrase.List(j.Heads[k].Columns), level)
		}
	}
}

// tellUnused warns of inputs that no layer takes, and of layers that a head feeds only because it comes before them.
func tellUnused(j *Job, taken map[string]bool) {
	if j.Schema == nil {
		return
	}
	var unused []string
	for _, in := range j.Schema.Inputs {
		if in.Head < 0 && !taken[in.Name] {
			unused = append(unused, in.Name)
		}
	}
	if len(unused) > 0 {
		j.Beginning.Warn("layers", "no layer takes %s: name it in the inputs of a layer, or leave it out of dataset.inputs", strings.Join(unused, ", "))
	}
	list := j.Config.Layers
	for i := 1; i < len(list); i++ {
		if list[i-1].Head != "" && len(list[i].Inputs) == 0 {
			j.Beginning.Warn(fmt.Sprintf("layers[%d]", i), "is fed by the layer before it, which is the head of %s; inputs names the layer that it should be fed by", list[i-1].Head)
		}
	}
}

// tellFrozen tells what train.freeze keeps as it is, and warns of layers that keep random values, all of them or some (partly).
func tellFrozen(j *Job, partly map[string]bool) {
	if len(j.Config.Train.Freeze) == 0 {
		return
	}
	rows, total, err := j.Summarize(1)
	if err != nil {
		return
	}
	given, whole := map[string]bool{}, map[string]bool{} // layers that begin with something, and those that were named, with all around them
	for name := range j.first {
		for at := strings.LastIndexByte(name, '.'); at > 0; at = strings.LastIndexByte(name[:at], '.') {
			given[name[:at]] = true
		}
	}
	var frozen, random, mixed []string
	for _, r := range rows {
		if r.Frozen == 0 || r.Trained > 0 || !j.Config.Train.Freeze.Frozen(r.Name) {
			continue
		}
		if whole[r.Name] = true; partly[r.Name] {
			mixed = append(mixed, r.Name)
		}
		if at := strings.LastIndexByte(r.Name, '.'); at > 0 && whole[r.Name[:at]] {
			continue
		}
		frozen = append(frozen, r.Name)
		if !given[r.Name] {
			random = append(random, r.Name)
		}
	}
	j.Beginning.Add("train.freeze", "frozen: %s; %s of %s are left to train", phrase.List(frozen), phrase.Thousands(total.Trained), phrase.Count(total.Trained+total.Frozen, "parameter"))
	if len(random) > 0 {
		j.Beginning.Warn("train.freeze", "%s: frozen with random values; train.init begins with those of a model", phrase.List(random))
	}
	if len(mixed) > 0 {
		j.Beginning.Warn("train.freeze", "%s: frozen, and in part with random values, for what the model does not know", phrase.List(mixed))
	}
}
