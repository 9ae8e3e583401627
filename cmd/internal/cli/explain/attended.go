package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/plot"
)

// attentionResult is what --json prints of an attention.
type attentionResult struct {
	File      string            `json:"file"`
	Row       int               `json:"row,omitempty"`
	Key       map[string]string `json:"key,omitempty"`
	Target    string            `json:"target,omitempty"` // of several
	Method    string            `json:"method"`
	Written   *string           `json:"written,omitempty"`
	Reference *string           `json:"reference,omitempty"` // as in the file
	Attention string            `json:"attention"`           // its name
	Queries   attendedAxis      `json:"queries"`
	Keys      attendedAxis      `json:"keys"`
	Weights   [][][]float64     `json:"weights"` // [head][query][key]
	Image     string            `json:"image,omitempty"`
}

func (a *attended) result() attentionResult {
	r := attentionResult{
		File: a.file, Row: a.row, Key: a.key(), Method: byAttention, Written: a.written, Reference: a.referenceText(),
		Attention: a.got.Name, Queries: a.queries, Keys: a.keys, Image: a.asked.out,
	}
	if len(a.net.Heads) > 1 {
		r.Target = a.task.Name
	}
	for head := range a.got.Heads {
		var rows [][]float64
		for q := range a.queries.Steps {
			rows = append(rows, a.row64(head, q))
		}
		r.Weights = append(r.Weights, rows)
	}
	return r
}

// row64 are the weights that a step gives in a head.
func (a *attended) row64(head, query int) []float64 {
	n := len(a.keys.Steps)
	at := (head*len(a.queries.Steps) + query) * n
	return a.got.Weights[at : at+n]
}

// referenceText is the text that the row has for the target, nil where it has none.
func (a *attended) referenceText() *string {
	if !a.net.Writes(a.head) {
		return nil
	}
	text, ok := a.fields[a.target().Name]
	if !ok {
		return nil
	}
	return &text
}

// mostLooked is how many steps are told that a step looked at.
const mostLooked = 4

// tell writes for people: what each step looked at most, as a mean of the heads.
func (a *attended) tell() {
	e := a.asked
	head := output.Table{Left: 2}
	head.Add("row", a.place())
	if a.written != nil {
		head.Add("written", *a.written)
	}
	if text := a.referenceText(); text != nil {
		head.Add("reference", *text)
	}
	head.Add("attention", a.heading())
	e.tellFiles(&head)
	head.Write(e.term.Out, nil)
	fmt.Fprintln(e.term.Out)
	if len(a.keys.Steps) == 0 {
		fmt.Fprintln(e.term.Out, "no tokens: the net sees nothing of it")
		return
	}
	t := output.Table{Head: []string{"step", cmp.Or(a.queries.Column, "steps"), "looked at in " + cmp.Or(a.keys.Column, "steps")}, Left: 3}
	for q, name := range a.queries.Steps {
		t.Add(strconv.Itoa(q+1), shown(name), a.lookedAt(q))
	}
	t.Write(e.term.Out, e.term.Bold)
}

// heading names the attention.
func (a *attended) heading() string {
	return fmt.Sprintf("%s, %s", a.got.Name, output.Plural(a.got.Heads, "head"))
}

// lookedAt lists what a step looked at most.
func (a *attended) lookedAt(query int) string {
	mean := make([]float64, len(a.keys.Steps))
	for head := range a.got.Heads {
		for i, w := range a.row64(head, query) {
			mean[i] += w / float64(a.got.Heads)
		}
	}
	order := make([]int, len(mean))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(mean[k], mean[i]) })
	var words []string
	for _, i := range order[:min(mostLooked, len(order))] {
		if mean[i] >= 0.005 {
			words = append(words, fmt.Sprintf("%s %.2f", shown(a.keys.Steps[i]), mean[i]))
		}
	}
	return strings.Join(words, "  ")
}

// shown is a token that is seen even where it is white space.
func shown(token string) string {
	if strings.TrimSpace(token) == "" {
		return "(blank)"
	}
	return token
}

// draw draws the heads side by side, if that is asked for.
func (a *attended) draw() error {
	if a.asked.out == "" {
		return nil
	}
	chart := plot.Attention{
		Title:    a.title() + ": " + a.heading(),
		Subtitle: fmt.Sprintf("how much each step of %s (rows) looked at each of %s (columns)", cmp.Or(a.queries.Column, "the net"), cmp.Or(a.keys.Column, "the net")),
		Queries:  a.queries.Steps, Keys: a.keys.Steps,
	}
	for head := range a.got.Heads {
		size := len(a.queries.Steps) * len(a.keys.Steps)
		chart.Heads = append(chart.Heads, a.got.Weights[head*size:(head+1)*size])
	}
	return exit.Written(plot.DrawAttention(a.asked.out, chart))
}
