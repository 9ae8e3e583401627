package cli

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// answerResult is what --json prints of every answer.
type answerResult struct {
	File        string   `json:"file"`
	Row         int      `json:"row,omitempty"`
	Answer      string   `json:"answer"`                // the class, label or target that is explained
	Probability *float64 `json:"probability,omitempty"` // of it
	Value       *float64 `json:"value,omitempty"`       // of a target
	Prediction  string   `json:"prediction,omitempty"`  // the class that the model gives
	Method      string   `json:"method"`
}

// sumResult says what integrated gradients add up to.
type sumResult struct {
	Steps    int     `json:"steps"`
	Score    float64 `json:"score"`
	Baseline float64 `json:"baseline_score"`
	Sum      float64 `json:"sum"`
	apart    float64
}

func newSumResult(a *model.Attribution) *sumResult {
	return &sumResult{a.Steps, a.Score, a.Baseline, a.Sum(), a.Apart()}
}

// tell adds the lines for people; it may be nil.
func (s *sumResult) tell(t *table) {
	if s == nil {
		return
	}
	t.add("score", fmt.Sprintf("%s, of the baseline %s: %s to explain", figure(s.Score), figure(s.Baseline), figure(s.Score-s.Baseline)))
	t.add("sum", fmt.Sprintf("%s of the attributions, %s apart (%s)", figure(s.Sum), percentage(s.apart), plural(s.Steps, "step")))
}

// percentage writes a small share.
func percentage(x float64) string {
	if x >= 0.1 {
		return strconv.FormatFloat(100*x, 'f', 0, 64) + " %"
	}
	return strconv.FormatFloat(100*x, 'f', 2, 64) + " %"
}

func (x *explained) result(method string) answerResult {
	r := answerResult{File: x.file, Row: x.row, Answer: x.answer.Name, Method: method}
	v := x.value(x.at)
	if x.task.Kind == metrics.Regression {
		r.Value = &v
	} else {
		r.Probability = &v
	}
	if x.task.Kind == metrics.Binary || x.task.Kind == metrics.MultiClass {
		r.Prediction = x.net.Answers()[x.predicted()].Name
	}
	return r
}

// tellAnswer begins the lines for people.
func (x *explained) tellAnswer() table {
	t := table{left: 2}
	t.add(choose(x.pictured, "picture", "row"), x.place())
	t.add("answer", x.told(x.at))
	if p := x.predicted(); p != x.at && x.task.Kind != metrics.Regression && x.task.Kind != metrics.MultiLabel {
		t.add("predicted", x.told(p))
	}
	return t
}

// share is what one column adds to an answer.
type columnShare struct {
	Column      string  `json:"column"`
	Value       *string `json:"value"` // as it stands in the file; null where it is not there
	Attribution float64 `json:"attribution"`
}

// table explains a row by its columns.
func (e *explainCommand) table(x *explained) error {
	got, err := e.attribute(x)
	if err != nil {
		return err
	}
	shares := x.shares(got)
	if e.json {
		return e.app.writeJSON(struct {
			answerResult
			*sumResult
			Shares []columnShare `json:"attributions"`
		}{x.result(byGradients), newSumResult(got), shares})
	}
	head := x.tellAnswer()
	newSumResult(got).tell(&head)
	head.write(e.app.out, nil)
	t := table{head: []string{"column", "value", "attribution"}, left: 1}
	for _, s := range shares {
		value := ""
		if s.Value != nil {
			value = short(*s.Value)
		}
		t.add(s.Column, value, signedFigure(s.Attribution))
	}
	fmt.Fprintln(e.app.out)
	t.write(e.app.out, e.app.bold)
	return nil
}

// signedFigure is figure with a plus before what raises.
func signedFigure(v float64) string {
	if v > 0 {
		return "+" + figure(v)
	}
	return figure(v)
}

// shares adds up the attributions by column, the largest first. A column that several inputs read has one share.
func (x *explained) shares(a *model.Attribution) []columnShare {
	var list []columnShare
	for i := range x.net.Schema.Inputs {
		in := &x.net.Schema.Inputs[i]
		for _, span := range in.Spans() {
			sum := 0.0
			for _, v := range a.Values[in.Block][span.Lo:span.Hi] {
				sum += v
			}
			at := slices.IndexFunc(list, func(s columnShare) bool { return s.Column == span.Column })
			if at >= 0 {
				list[at].Attribution += sum
				continue
			}
			one := columnShare{Column: span.Column, Attribution: sum}
			if value, ok := x.fields[span.Column]; ok {
				one.Value = &value
			}
			list = append(list, one)
		}
	}
	slices.SortStableFunc(list, func(a, b columnShare) int { return -cmp.Compare(math.Abs(a.Attribution), math.Abs(b.Attribution)) })
	return list
}
