// Package model brings spec, data and graph together: it checks a whole spec against its data, compiles the net for
// training, scoring and prediction, and keeps it in a file.
package model

import (
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/train/loss"
	"dnn/pkg/train/optim"
	"dnn/pkg/train/schedule"
)

// Config is a whole spec.
type Config struct {
	Name      string           `doc:"name of the runs' folder (default: the spec file's name)"`
	Seed      uint64           `default:"0" doc:"seed of everything random: first weights, split, order of rows, dropout"`
	Dataset   dataset.Settings `required:"true" doc:"where the data lies and what its columns mean"`
	Layers    []layers.Entry   `required:"true" length:"[1,)" doc:"the net, each layer fed by the one before unless it names its inputs"`
	Loss      Losses           `doc:"what training makes small; in a net with several heads a mapping from targets to losses, whose sum it is (default: cross_entropy for classes, binary_cross_entropy for yes or no, mse for numbers)"`
	Optimizer optim.Optimizer  `default:"adam" doc:"how the weights follow the gradient"`
	Metrics   Metrics          `doc:"scores to report besides the loss; in a net with several heads a mapping from targets to lists (default: the usual ones for the target)"`
	Train     Training         `doc:"how long and in what portions to train"`
	Predict   *Predict         `doc:"how texts are written, for targets of type: text"`
	Compress  *recipe.Recipe   `doc:"steps that make the trained net smaller, for dnn compress: a list, or a mapping with steps and a budget"`
}

// Predict is the section "predict" of a spec: how a net with a target of type: text writes.
type Predict struct {
	Beam          int     `range:"[1,1000]" default:"1" doc:"unfinished texts that beam search keeps; 1 takes the most probable token at each step (greedy). With loss: ctc it is the only setting"`
	MaxLength     int     `range:"[0,)" default:"0" doc:"the most tokens of a text; 0: as many as the target's max_length"`
	LengthPenalty float64 `range:"[0,)" default:"1" doc:"α: the log probability of a text is divided by its number of tokens to the power of α; 0 favours short texts"`
	NoRepeat      int     `range:"[0,)" default:"0" doc:"no sequence of so many tokens comes twice in a text; 0: any may"`
}

// Losses and Metrics are those of the only head, or of each by its target.
type (
	Losses  = spec.OneOrEach[loss.Loss, HeadLoss]
	Metrics = spec.OneOrEach[[]metrics.Metric, []metrics.Metric]
)

// Training is the section "train" of a spec.
type Training struct {
	Epochs           int  `range:"[1,)" default:"0" doc:"passes over the training split (default, unless steps is given: as many as make 8,000 updates of the weights, at least 10 and at most 200)" also:"num_epochs|n_epochs|max_epochs|iterations"`
	Steps            int  `range:"[1,)" default:"0" doc:"updates of the weights, instead of epochs"`
	BatchSize        int  `range:"[1,)" default:"32" doc:"rows of a batch; the last of an epoch may be smaller"`
	Shuffle          bool `default:"true" doc:"draw a new order of the rows for every epoch"`
	SequenceTraining `spec:",inline"`
	Portions         `spec:",inline"`
	GradientClip     *Clip          `doc:"bound on the gradient"`
	WeightAverage    *WeightAverage `doc:"keep an exponential moving average of the weights and score and save that"`
	Monitor          string         `doc:"figure that decides which checkpoint is the best: validation_loss or validation_METRIC, of several heads validation_TARGET_METRIC (default: validation_loss; training_loss where there is no validation split)"`
	EarlyStopping    *EarlyStopping `doc:"stop when the monitored figure no longer improves (default: with a patience of 10, or a tenth of the epochs, where neither epochs nor steps is given and there is a validation split)"`
	ValidateEvery    int            `range:"[1,)" default:"0" doc:"updates between two validations (default: one at the end of each epoch)"`
	Checkpoint       Checkpoint     `doc:"when to write checkpoints"`
	MemorySettings   `spec:",inline"`
	FineTuning       `spec:",inline"`
	AfterTraining    `spec:",inline"`
}

// Portions are how batches make an update.
type Portions struct {
	Accumulate int `range:"[1,)" default:"1" doc:"batches whose gradients are summed up before each update"`
	Sharding   `spec:",inline"`
}

// FineTuning is what a training takes over from others.
type FineTuning struct {
	Init        Inits           `doc:"models whose weights layers begin with, in place of random ones; read when the training begins, never when it is resumed (default: none)"`
	Distill     *Distill        `doc:"learn from what other models predict for the rows, too (default: none)"`
	Freeze      layers.Freezing `default:"[]" doc:"names of layers that do not learn, as dnn summary lists them, or patterns such as \"encoder*\": their parameters get no updates and no weight decay, and batch norms keep their statistics. A block stands for all within it; \"!NAME\" takes layers out again"`
	Quantize    *Quantization   `doc:"train with numbers rounded as those of the quantized net will be, so that it loses less; dnn quantize then makes that net. All figures of the training are those of rounded numbers (default: none)"`
	Compression `spec:",inline"`
}

// AfterTraining is what is done when a training ends.
type AfterTraining struct {
	Test           bool `default:"true" doc:"score the test split when the training ends; false leaves that to dnn eval"`
	Refit          bool `default:"false" doc:"when the training ends, train anew from the same first weights on the rows of the training and the validation split, for as many epochs as the best weights took; dnn eval and dnn predict use that model"`
	TuningSettings `spec:",inline"`
}

// SequenceTraining is how sequences go through a training.
type SequenceTraining struct {
	GroupByLength  bool              `default:"true" doc:"batch rows of similar length, where sequences differ in it: less padding to compute; only with shuffle"`
	Stateful       bool              `default:"false" doc:"cut sequences into chunks of unroll steps, each a step of training; recurrent layers begin with the state in which the chunk before ended. It is for targets with a label for each step (type: tags) of the only sequence of a row. Batches hold rows of similar length, the same in all epochs"`
	Unroll         int               `range:"[1,)" default:"0" doc:"steps of a chunk, which the gradient reaches back (default: 64); only with stateful"`
	TeacherForcing schedule.Schedule `doc:"share of the tokens so far that are those of the data and not the net's own, in training a net that writes texts: a number or a schedule, such as {type: polynomial, power: 1, initial: 1, final: 0.7} (default: 1)"`
}

// Clip bounds the gradient before an update.
type Clip struct {
	Norm  float64 `range:"(0,)" default:"0" doc:"largest Euclidean norm of the whole gradient; a longer one is shortened to it"`
	Value float64 `range:"(0,)" default:"0" doc:"largest absolute value of each element"`
}

// CheckSpec asks for one of both.
func (c *Clip) CheckSpec(path string, p *spec.Problems) {
	if (c.Norm > 0) == (c.Value > 0) && !p.Under(path) {
		p.Add(path, "expects either norm or value, for example {norm: 1.0}")
	}
}

// WeightAverage keeps w̄ = decay·w̄ + (1−decay)·w after each update (Polyak & Juditsky 1992).
type WeightAverage struct {
	Decay float64 `range:"[0,1)" default:"0.999" doc:"share of the old average that is kept at each update"`
}

// EarlyStopping ends a training that no longer gets better; the best weights are what remains.
type EarlyStopping struct {
	Monitor  string  `doc:"figure to watch, as train.monitor (default: train.monitor)"`
	Patience int     `range:"[1,)" default:"10" doc:"validations without improvement before training stops"`
	MinDelta float64 `range:"[0,)" default:"0" doc:"smallest improvement for which training continues; any makes weights the best"`
}

// Checkpoint says when checkpoints are written besides the last one of a training, with which the best weights are written too.
type Checkpoint struct {
	EverySeconds float64 `range:"(0,)" default:"30" doc:"seconds between two writes of last.safetensors, and of best.safetensors where better weights were found: what a killed training loses. More where writing would take more than a twentieth of the time"`
	EverySteps   int     `range:"[1,)" default:"0" doc:"updates after which last.safetensors is written too, within an epoch (default: by the time only)"`
	KeepEvery    int     `range:"[1,)" default:"0" doc:"epochs between two checkpoints that are kept for good, as epoch-0010.safetensors (default: none)"`
}

// CheckSpec settles what depends on other settings, so that the resolved spec shows it.
func (t *Training) CheckSpec(path string, p *spec.Problems) {
	if t.Epochs > 0 && t.Steps > 0 {
		p.Add(path+".steps", "give either epochs or steps, not both")
	}
	if t.Unroll > 0 && !t.Stateful && !p.Under(path) {
		p.Add(path+".unroll", "is for stateful: true; else sequences come as a whole")
	}
	t.settle()
	t.Distill.check(t, path+".distill", p)
	t.checkShards(path, p)
	if t.WeightAverage != nil && t.Precision.weights() {
		p.Add(path+".precision.weights", "does not go with weight_average, whose average takes more memory than is saved: leave one of both out")
	}
	t.checkCompression(path, p)
	if s := t.EarlyStopping; s != nil {
		if s.Monitor != "" && t.Monitor != "" && s.Monitor != t.Monitor {
			p.Add(path+".early_stopping.monitor", "differs from train.monitor (%s); one figure decides both which checkpoint is the best and when to stop", t.Monitor)
		}
		if t.Monitor == "" {
			t.Monitor = s.Monitor
		}
	}
}

// settle gives chunks their steps, and models that layers begin with their use.
func (t *Training) settle() {
	if t.Stateful && t.Unroll == 0 {
		t.Unroll = defaultUnroll
	}
	for i := range t.Init {
		t.Init[i].settle()
	}
}

// aligns reports whether the loss of a target aligns its labels.
func (c *Config) aligns(target string) bool {
	l := c.Loss.One
	if i := slices.Index(c.Loss.Names, target); i >= 0 {
		l = c.Loss.Each[i].Loss
	}
	_, ok := l.(loss.Aligning)
	return ok
}

// Decode reads a whole spec. Mistakes are noted in p.
func Decode(d *spec.Document, p *spec.Problems) *Config {
	c := &Config{}
	d.Decode(c, p)
	c.Train.settle() // also when there is no section train
	c.Dataset.SettleTargets()
	c.Dataset.AlignLabels(c.aligns)
	if c.Name == "" {
		c.Name = strings.TrimSuffix(filepath.Base(d.File), filepath.Ext(d.File))
	}
	if strings.ContainsAny(c.Name, `/\`) || c.Name == "." || c.Name == ".." {
		p.Add("name", "%q cannot be the name of a folder", c.Name)
	}
	return c
}
