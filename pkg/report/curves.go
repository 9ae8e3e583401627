package report

import (
	"bufio"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"

	"dnn/internal/plot"
	"dnn/internal/regular"
	"dnn/pkg/metrics"
	"dnn/pkg/train"
)

// curves reads the run's log, which holds the epochs of earlier processes too.
func (r *Report) curves(res *train.Result) (plot.Curves, error) {
	c := plot.Curves{Title: r.job.Config.Name, Loss: plot.Pair{Name: "loss"}}
	f, err := regular.Open(filepath.Join(res.Dir, train.MetricsFile))
	if err != nil {
		return c, err
	}
	defer f.Close()
	name := r.shownMetric()
	c.Metric.Name = name
	for _, other := range r.otherMetrics(name) {
		c.More = append(c.More, plot.Pair{Name: other})
	}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var l struct {
			Epoch      int                        `json:"epoch"`
			Step       int                        `json:"step"`
			Loss       *float64                   `json:"training_loss"`
			Rate       float64                    `json:"learning_rate"`
			Validation map[string]json.RawMessage `json:"validation"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return c, err
		}
		c.Epochs = append(c.Epochs, float64(l.Step)/float64(res.StepsPerEpoch))
		c.Loss.Train = append(c.Loss.Train, orNaN(l.Loss))
		c.LearningRate = append(c.LearningRate, l.Rate)
		if l.Validation != nil {
			c.Loss.Validation = append(c.Loss.Validation, figure(l.Validation["loss"]))
			c.Metric.Validation = append(c.Metric.Validation, figure(l.Validation[name]))
			for i := range c.More {
				c.More[i].Validation = append(c.More[i].Validation, figure(l.Validation[c.More[i].Name]))
			}
		}
	}
	if s := float64(res.Position.BestStep) / float64(res.StepsPerEpoch); res.Position.BestStep > 0 {
		c.Best = s
	}
	return c, lines.Err()
}

// shownMetric is the name of the metric that the learning curve shows: the monitored one, else the first that is one number.
func (r *Report) shownMetric() string {
	list := r.singleMetrics()
	for _, name := range list {
		if "validation_"+name == r.job.Config.Train.Monitor {
			return name
		}
	}
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// otherMetrics are the names of all other metrics that are one number.
func (r *Report) otherMetrics(shown string) []string {
	return slices.DeleteFunc(r.singleMetrics(), func(name string) bool { return name == shown })
}

// singleMetrics are the names of all metrics that are one number, head by head.
func (r *Report) singleMetrics() (names []string) {
	for k := range r.job.Heads {
		list := r.job.Metrics(k)
		for i, name := range metrics.Names(list) {
			if list[i].Goal() != metrics.NoGoal {
				names = append(names, r.job.Figure(k, name))
			}
		}
	}
	return names
}

func figure(raw json.RawMessage) float64 {
	var x *float64
	if json.Unmarshal(raw, &x) != nil {
		return math.NaN()
	}
	return orNaN(x)
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}
