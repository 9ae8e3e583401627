package cli

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"dnn/internal/plot"
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// trainResult is what "dnn train --json" prints.
type trainResult struct {
	Name         string        `json:"name"`
	Run          string        `json:"run"`
	Model        string        `json:"model"`
	Epochs       int           `json:"epochs"`
	Steps        int           `json:"steps"`
	BestEpoch    int           `json:"best_epoch"`
	StoppedEarly bool          `json:"stopped_early,omitempty"`
	Fast         bool          `json:"fast,omitempty"` // a trial: a few batches of everything
	Monitor      string        `json:"monitor"`
	Train        *model.Scores `json:"train,omitempty"`
	Validation   *model.Scores `json:"validation,omitempty"`
	Test         *model.Scores `json:"test,omitempty"`
	Pictures     []string      `json:"pictures,omitempty"`
	Mistakes     string        `json:"mistakes,omitempty"`
}

func newTrainResult(job *model.Job, dir string, res *train.Result) *trainResult {
	at := res.Position
	r := &trainResult{
		Name: job.Config.Name, Run: dir, Model: res.Model, Epochs: at.Epoch, Steps: at.Step, BestEpoch: at.BestEpoch,
		StoppedEarly: at.Stopped, Fast: at.Fast, Monitor: job.Config.Train.Monitor, Pictures: res.Pictures, Mistakes: res.Mistakes,
	}
	for _, p := range res.Parts {
		switch p.Part {
		case "train":
			r.Train = p.Scores
		case "validation":
			r.Validation = p.Scores
		case "test":
			r.Test = p.Scores
		}
	}
	return r
}

// tellTraining prints what a training came to.
func (a *app) tellTraining(job *model.Job, res *train.Result) {
	at := res.Position
	early := ""
	if at.Stopped {
		early = ", stopped early"
	}
	if at.Fast {
		early += " of a few batches (--fast)"
	}
	fmt.Fprintf(a.out, "%s: %s%s; the best after epoch %d (%s)\n\n", job.Config.Name, plural(at.Epoch, "epoch"), early, at.BestEpoch, job.Config.Train.Monitor)
	var parts []string
	var scores []*model.Scores
	for _, p := range res.Parts {
		parts, scores = append(parts, p.Part), append(scores, p.Scores)
	}
	a.scoreTable(parts, scores)
	a.classCounts(job.Task(), res.Parts)
	rest := table{left: 2}
	rest.add("model", res.Model)
	for i, p := range res.Pictures {
		rest.add([]string{"pictures", ""}[min(i, 1)], p)
	}
	if res.Mistakes != "" {
		rest.add("mistakes", res.Mistakes)
	}
	next, note := nextStep(job, res.Model)
	rest.add("next", next)
	if note != "" {
		rest.add("", note)
	}
	fmt.Fprintln(a.out)
	rest.write(a.out, nil)
}

// nextStep is a command that uses a model, and what is to be said of its files.
func nextStep(job *model.Job, file string) (command, note string) {
	horizon := job.Schema.Target.Horizon()
	if horizon == 0 {
		return "dnn predict " + shellWord(file) + " " + choose(picturesAlone(job), "photo.png", "new.csv"), ""
	}
	steps := max(horizon, job.Schema.Target.Season())
	command = fmt.Sprintf("dnn forecast %s --steps %d", shellWord(file), steps)
	given := job.Schema.Ahead(steps)
	if len(given) == 0 {
		return command, ""
	}
	rows := plural(steps, "row")
	if t := job.Schema.Timing; t != nil && t.Group != "" {
		rows += " of each " + t.Group
	}
	return command + " --data FILE", fmt.Sprintf("FILE: the history, and after it %s with %s", rows, listShort(given, 10))
}

// picturesAlone reports whether a model is given picture files themselves, not rows of a table.
func picturesAlone(job *model.Job) bool {
	_, folder := job.Config.Dataset.Format.(*dataset.ImageFolder)
	_, idx := job.Config.Dataset.Format.(*dataset.IDX)
	return (folder || idx) && job.Schema.PictureInput() != nil
}

// scoreTable prints a row of figures for each part, and below it those of naive forecasts where there are some.
func (a *app) scoreTable(parts []string, scores []*model.Scores) {
	if len(parts) == 0 {
		return
	}
	t := table{head: []string{"part", "rows", "loss"}, left: 1}
	for _, m := range scores[0].Metrics {
		if m.Result.Single() {
			t.head = append(t.head, m.Name)
		}
	}
	for i, s := range scores {
		row := []string{parts[i], count(s.Rows), figure(s.Loss)}
		for _, m := range s.Metrics {
			if m.Result.Single() {
				row = append(row, figure(m.Result.Value))
			}
		}
		t.add(row...)
		for _, b := range s.Baselines {
			row := []string{"  " + strings.ReplaceAll(b.Name, "_", " "), "", ""}
			for _, m := range b.Metrics {
				if m.Result.Single() {
					row = append(row, figure(m.Result.Value))
				}
			}
			t.add(row...)
		}
	}
	t.write(a.out, a.bold)
}

// maxClasses is how many classes are told one by one.
const maxClasses = 30

// classCounts prints how many rows of each class the parts have.
func (a *app) classCounts(task metrics.Task, parts []train.PartScores) {
	if len(parts) == 0 || parts[0].Counts == nil {
		return
	}
	what := "class"
	if task.Kind == metrics.MultiLabel {
		what = "label"
	}
	t := table{head: []string{what}, left: 1}
	for _, p := range parts {
		t.head = append(t.head, p.Part)
	}
	for i, name := range plot.Distinct(task.Classes, short) {
		if i == maxClasses {
			t.add(fmt.Sprintf("… (%d more)", len(task.Classes)-i))
			break
		}
		row := []string{name}
		for _, p := range parts {
			row = append(row, count(p.Counts[i]))
		}
		t.add(row...)
	}
	fmt.Fprintln(a.out)
	t.write(a.out, a.bold)
}

// perClass prints the scores of each class on its own.
func (a *app) perClass(s *model.Scores) {
	c := s.Confusion
	t := table{head: []string{"class", choose(s.Steps > 0, "steps", "rows"), "predicted", "precision", "recall", "f1"}, left: 1}
	if c.Tables() != nil {
		t.head[0] = "label"
	}
	names := plot.Distinct(c.Labels(), short)
	for i, k := range c.OneVsRest() {
		if i == maxClasses {
			t.add(fmt.Sprintf("… (%d more)", len(c.Labels())-i))
			break
		}
		t.add(names[i], weight(k.Support()), weight(k.Predicted()),
			figure(share(k.TP, k.Predicted())), figure(share(k.TP, k.Support())), figure(share(2*k.TP, k.Support()+k.Predicted())))
	}
	fmt.Fprintln(a.out)
	t.write(a.out, a.bold)
}

// share is part of whole, 0 where there is nothing.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// weight writes a count of rows, which is no whole number when rows are weighted.
func weight(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return count(int64(x))
	}
	return figure(x)
}

// confusion prints the matrix of true and predicted classes.
func (a *app) confusion(c *metrics.Confusion) {
	m := c.Matrix()
	if m == nil || len(m) > maxClasses {
		return
	}
	t := table{head: []string{"true \\ predicted"}, left: 1}
	names := plot.Distinct(c.Labels(), short)
	for i, row := range m {
		t.head = append(t.head, names[i])
		cells := []string{names[i]}
		for _, x := range row {
			cells = append(cells, weight(x))
		}
		t.add(cells...)
	}
	fmt.Fprintln(a.out)
	t.write(a.out, a.bold)
}

// short cuts a name that is too long for a column.
func short(name string) string {
	const most = 24
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// shellWord quotes a word where a shell would read it otherwise.
func shellWord(s string) string {
	if strings.ContainsAny(s, " \t'\"$&|;<>()*?[]#~`\\!{}") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// writeJSON prints one object on one line.
func (a *app) writeJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = a.out.Write(append(data, '\n'))
	return err
}

func jsonInto(text string, v any) error { return json.Unmarshal([]byte(text), v) }
