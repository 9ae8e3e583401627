package explain

import (
	"fmt"
	"strconv"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/explain"
	"dnn/pkg/task"
)

// predictionResult is what --json prints of every prediction.
type predictionResult struct {
	File        string            `json:"file"`
	Row         int               `json:"row,omitempty"`
	Key         map[string]string `json:"key,omitempty"`         // the id, or the group and the moment
	Target      string            `json:"target,omitempty"`      // of several
	Explained   string            `json:"explained"`             // the class, label or target
	Answer      string            `json:"answer"`                // the former name of explained
	Probability *float64          `json:"probability,omitempty"` // of it
	Value       *float64          `json:"value,omitempty"`       // of a target
	Prediction  string            `json:"prediction,omitempty"`  // the class that the model gives
	Method      string            `json:"method"`
}

// sumResult says what integrated gradients add up to.
type sumResult struct {
	Steps    int     `json:"steps"`
	Score    float64 `json:"score"`
	Baseline float64 `json:"baseline_score"`
	Sum      float64 `json:"sum"`
	apart    float64
}

func newSumResult(a *explain.Attribution) *sumResult {
	return &sumResult{a.Steps, a.Score, a.Baseline, a.Sum(), a.ConvergenceDelta()}
}

// tell adds the lines for people; it may be nil.
func (s *sumResult) tell(t *output.Table) {
	if s == nil {
		return
	}
	t.Add("score", fmt.Sprintf("%s, baseline %s: difference %s", output.Figure(s.Score), output.Figure(s.Baseline), output.Figure(s.Score-s.Baseline)))
	t.Add("sum", fmt.Sprintf("%s of the attributions, convergence delta %s (%s)", output.Figure(s.Sum), percentage(s.apart), output.Plural(s.Steps, "step")))
}

// percentage writes a small share.
func percentage(x float64) string {
	if x >= 0.1 {
		return strconv.FormatFloat(100*x, 'f', 0, 64) + " %"
	}
	return strconv.FormatFloat(100*x, 'f', 2, 64) + " %"
}

func (x *explained) result(method string) predictionResult {
	r := predictionResult{File: x.file, Row: x.row, Key: x.key(), Explained: x.answer.Name, Answer: x.answer.Name, Method: method}
	if len(x.net.Heads) > 1 {
		r.Target = x.task.Name
	}
	v := x.value(x.at)
	if x.task.Kind == task.Number {
		r.Value = &v
	} else {
		r.Probability = &v
	}
	if x.task.Kind == task.Binary || x.task.Kind == task.Category {
		r.Prediction = explain.Predictions(x.net, x.head)[x.predicted()].Name
	}
	return r
}

// tellAnswer begins the lines for people.
func (x *explained) tellAnswer() output.Table {
	t := output.Table{Left: 2}
	t.Add(output.Choose(x.pictured, "image", "row"), x.place())
	if len(x.net.Heads) > 1 {
		t.Add("target", x.task.Name)
	}
	t.Add("explained", x.told(x.at))
	if p, other := x.other(); other {
		t.Add("predicted", x.told(p))
	}
	return t
}

// table explains a row by its columns, the tokens of its texts and the steps of its series.
func (e *options) table(x *explained) error {
	got, err := e.attribute(x)
	if err != nil {
		return err
	}
	ex := x.explanation(got)
	if err := e.draw(ex); err != nil {
		return err
	}
	if err := e.writeCSV([]*explanation{ex}); err != nil {
		return err
	}
	if e.json {
		return e.term.WriteJSON(struct {
			predictionResult
			*sumResult
			explanationResult
		}{x.result(byGradients), newSumResult(got), ex.result(e.out)})
	}
	head := x.tellAnswer()
	newSumResult(got).tell(&head)
	e.tellFiles(&head)
	head.Write(e.term.Out, nil)
	if len(ex.columns) > 1 || !ex.sequences() {
		t := output.Table{Head: []string{"column", "value", "attribution"}, Left: 1}
		for _, s := range ex.columns {
			value := ""
			if s.Value != nil {
				value = output.Short(*s.Value)
			}
			t.Add(s.Column, value, output.Signed(s.Attribution))
		}
		fmt.Fprintln(e.term.Out)
		t.Write(e.term.Out, e.term.Bold)
	}
	ex.tell(e.term)
	return nil
}

// explanationResult is what --json prints of the attributions of one prediction.
type explanationResult struct {
	Shares  []columnShare   `json:"attributions"`
	Texts   []textShares    `json:"texts,omitempty"`
	Series  []channelShares `json:"series,omitempty"`
	Image   string          `json:"image,omitempty"`
	Picture string          `json:"picture,omitempty"` // the former name of image
}

func (ex *explanation) result(image string) explanationResult {
	return explanationResult{ex.columns, ex.texts, ex.series, image, image}
}

// tellFiles adds the files that are written to the lines for people.
func (e *options) tellFiles(t *output.Table) {
	if e.out != "" {
		t.Add("image", e.out)
	}
	if e.csv != "" {
		t.Add("table", e.csv)
	}
}
