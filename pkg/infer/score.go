package infer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"dnn/pkg/metrics"
)

// Scores is what a model achieves on one split of the data.
type Scores struct {
	Rows  int
	Loss  float64 // of several heads, the weighted sum of theirs
	Heads []HeadScores
}

// HeadScores is what one head achieves.
type HeadScores struct {
	Name      string // of the target; "" for the only head
	Steps     int    // of all rows, where each step has a label
	Loss      float64
	Metrics   []metrics.Named
	Confusion *metrics.Confusion // nil unless the target has classes
	Baselines []Baseline         // nil where there was nothing to compare with
	Judged    int                // for how many rows metrics judge the texts that the head writes, where any does
	Written   []Written          // what a head that writes texts wrote, of the rows that it was asked to
}

// Figure is what a figure of the head is called among those of all heads.
func (h *HeadScores) Figure(name string) string {
	if h.Name == "" {
		return name
	}
	return h.Name + "_" + name
}

// Get returns a figure by its name ("loss", "accuracy", of several heads "species_accuracy"), NaN when there is none of that
// name.
func (s *Scores) Get(name string) float64 {
	if name == "loss" {
		return s.Loss
	}
	for i := range s.Heads {
		h := &s.Heads[i]
		if name == h.Figure("loss") {
			return h.Loss
		}
		for _, m := range h.Metrics {
			if h.Figure(m.Name) == name {
				return m.Result.Value
			}
		}
	}
	return math.NaN()
}

// MarshalJSON writes {"rows": …, "loss": …, "accuracy": …}, metrics under their names in the spec's order; where each step
// has a label "steps" tells how many those are, where texts are judged for some rows only "judged_texts" how many, and
// "baselines" what predictions achieve that need no net. Of several heads
// each has a loss and metrics of its own: "species_loss", "species_accuracy".
func (s *Scores) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"rows":%d`, s.Rows)
	if len(s.Heads) > 1 {
		fmt.Fprintf(&b, `,"loss":%s`, jsonNumber(s.Loss))
	}
	for i := range s.Heads {
		h := &s.Heads[i]
		if err := h.appendJSON(&b); err != nil {
			return nil, err
		}
		if h.Judged > 0 && h.Judged < s.Rows {
			fmt.Fprintf(&b, `,%q:%d`, h.Figure("judged_texts"), h.Judged)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Detailed are scores whose JSON has the figures of each class and the confusion matrix, too.
type Detailed struct{ *Scores }

// MarshalJSON writes what Scores writes, then for each head with classes "per_class": {CLASS: {"rows": …, "predicted": …,
// "precision": …, "recall": …, "f1": …}} and "confusion_matrix", as the metric of that name is written.
func (d Detailed) MarshalJSON() ([]byte, error) {
	plain, err := d.Scores.MarshalJSON()
	if err != nil {
		return nil, err
	}
	b := bytes.NewBuffer(plain[:len(plain)-1])
	for i := range d.Heads {
		h := &d.Heads[i]
		if h.Confusion == nil {
			continue
		}
		if err := h.appendClasses(b); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// appendClasses appends the figures of each class, in the order of the classes.
func (h *HeadScores) appendClasses(b *bytes.Buffer) error {
	fmt.Fprintf(b, ",%q:{", h.Figure("per_class"))
	ratio := func(part, whole float64) string {
		if whole == 0 {
			return "0"
		}
		return jsonNumber(part / whole)
	}
	labels := h.Confusion.Labels()
	for i, k := range h.Confusion.OneVsRest() {
		name, err := json.Marshal(labels[i])
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, `%s:{"rows":%s,"predicted":%s,"precision":%s,"recall":%s,"f1":%s}`, name, jsonNumber(k.Support()), jsonNumber(k.Predicted()),
			ratio(k.TP, k.Predicted()), ratio(k.TP, k.Support()), ratio(2*k.TP, k.Support()+k.Predicted()))
	}
	b.WriteByte('}')
	if slices.ContainsFunc(h.Metrics, func(m metrics.Named) bool { return m.Name == "confusion_matrix" }) {
		return nil
	}
	matrix, err := json.Marshal(h.Confusion.Result())
	if err == nil {
		fmt.Fprintf(b, ",%q:%s", h.Figure("confusion_matrix"), matrix)
	}
	return err
}

// appendJSON appends the figures of a head.
func (h *HeadScores) appendJSON(b *bytes.Buffer) error {
	if h.Steps > 0 {
		fmt.Fprintf(b, `,%q:%d`, h.Figure("steps"), h.Steps)
	}
	fmt.Fprintf(b, `,%q:%s`, h.Figure("loss"), jsonNumber(h.Loss))
	for _, m := range h.Metrics {
		value, err := json.Marshal(m.Result)
		if err != nil {
			return err
		}
		key, err := json.Marshal(h.Figure(m.Name))
		if err != nil {
			return err
		}
		fmt.Fprintf(b, `,%s:%s`, key, value)
		if m.Signature != "" {
			fmt.Fprintf(b, `,%q:%q`, h.Figure(m.Name+"_signature"), m.Signature)
		}
	}
	return appendBaselines(b, h.Figure("baselines"), h.Baselines)
}

// jsonNumber is null for what JSON has no number for.
func jsonNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "null"
	}
	text, _ := json.Marshal(x)
	return string(text)
}
