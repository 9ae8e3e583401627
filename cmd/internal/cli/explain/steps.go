package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/plot"
)

// mostAnswers is how many steps' answers are explained when none is named: each is a line of the image.
const mostAnswers = 64

// stepsResult is what --json prints of a net that predicts each step.
type stepsResult struct {
	File        string            `json:"file"`
	Row         int               `json:"row"`
	Key         map[string]string `json:"key,omitempty"` // the id, or the group and the moment
	Method      string            `json:"method"`
	Predictions []stepResult      `json:"predictions"`
	Image       string            `json:"image,omitempty"`
	Answers     []stepResult      `json:"answers"`           // the former name of predictions
	Picture     string            `json:"picture,omitempty"` // the former name of image
}

type stepResult struct {
	Step  int    `json:"step"` // from 1
	Token string `json:"token,omitempty"`
	stepPrediction
	*sumResult
	explanationResult
}

// stepPrediction is a predictionResult without what all steps have in common.
type stepPrediction struct {
	Explained   string   `json:"explained"`
	Answer      string   `json:"answer"` // the former name of explained
	Probability *float64 `json:"probability,omitempty"`
	Value       *float64 `json:"value,omitempty"`
	Prediction  string   `json:"prediction,omitempty"`
}

// answers explains the answers to the steps of a row, which lie at the places [from, to) among those of the batch: that to
// one step, or all.
func (e *options) answers(x *explained, from, to int) error {
	n := to - from
	switch {
	case n == 0:
		return exit.Usagef("%s has no steps, so there is nothing to explain", x.place())
	case e.step > n:
		return exit.Usagef("--step: %s has %s; there is no step %d", x.place(), output.Plural(n, "step"), e.step)
	case e.step == 0 && n > mostAnswers:
		return exit.Usagef("%s has %s: name the one to explain (--step 1 to %d)", x.place(), output.Plural(n, "step"), n)
	}
	all := x.own
	width := x.task.Width
	var list []*explanation
	for step := range n {
		if e.step > 0 && step != e.step-1 {
			continue
		}
		one := *x
		one.step, one.own = step, all[(from+step)*width:(from+step+1)*width]
		if err := e.choose(&one); err != nil {
			return err
		}
		one.answer = one.answer.At(step)
		got, err := e.attribute(&one)
		if err != nil {
			return err
		}
		list = append(list, one.explanation(got))
	}
	if err := e.drawAnswers(list); err != nil {
		return err
	}
	if err := e.writeCSV(list); err != nil {
		return err
	}
	if e.json {
		return e.term.WriteJSON(e.stepsResult(x, list))
	}
	e.tellAnswers(list)
	return nil
}

func (e *options) stepsResult(x *explained, list []*explanation) stepsResult {
	res := stepsResult{File: x.file, Row: x.row, Key: x.key(), Method: byGradients, Image: e.out, Picture: e.out}
	for _, ex := range list {
		r := ex.explained.result(byGradients)
		res.Predictions = append(res.Predictions, stepResult{
			ex.step + 1, ex.token(), stepPrediction{r.Explained, r.Answer, r.Probability, r.Value, r.Prediction}, newSumResult(ex.got), ex.result(""),
		})
	}
	res.Answers = res.Predictions
	return res
}

// token is the token that is answered, "" where steps are none.
func (ex *explanation) token() string {
	for i := range ex.net.Schema.Inputs {
		if in := &ex.net.Schema.Inputs[i]; in.Name == ex.task.Axis.Of && in.IsText() {
			if tokens := in.Tokens(ex.fields[in.Columns[0]], ex.x, 0); ex.step < len(tokens) {
				return tokens[ex.step].Text
			}
		}
	}
	return ""
}

// asked names the step: 3 l.
func (ex *explanation) asked() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", ex.step+1, ex.token()))
}

// tellAnswers writes one answer at length, or a line for each of several.
func (e *options) tellAnswers(list []*explanation) {
	first := list[0]
	if len(list) == 1 {
		head := output.Table{Left: 2}
		head.Add("row", first.place())
		head.Add("step", first.asked())
		head.Add("explained", first.told(first.at))
		if p, other := first.other(); other {
			head.Add("predicted", first.told(p))
		}
		newSumResult(first.got).tell(&head)
		e.tellFiles(&head)
		head.Write(e.term.Out, nil)
		first.tell(e.term)
		return
	}
	head := output.Table{Left: 2}
	head.Add("row", first.place())
	e.tellFiles(&head)
	head.Write(e.term.Out, nil)
	fmt.Fprintln(e.term.Out)
	t := output.Table{Head: []string{"step", "prediction", "strongest contributions"}, Left: 3}
	for _, ex := range list {
		t.Add(ex.asked(), ex.told(ex.at), ex.strongest(4))
	}
	t.Write(e.term.Out, e.term.Bold)
}

// strongest lists the tokens and steps with the largest shares, those that speak for the answer first.
func (ex *explanation) strongest(most int) string {
	type one struct {
		name  string
		share float64
	}
	var all []one
	for _, t := range ex.texts {
		for _, s := range t.Tokens {
			name := s.Token
			if slices.ContainsFunc(t.Tokens, func(o tokenShare) bool { return o.Token == s.Token && o.Step != s.Step }) {
				name = fmt.Sprintf("%s[%d]", name, s.Step)
			}
			all = append(all, one{name, s.Attribution})
		}
	}
	for _, c := range ex.series {
		for _, s := range c.Steps {
			all = append(all, one{s.Name, s.Attribution})
		}
	}
	slices.SortStableFunc(all, func(a, b one) int { return -cmp.Compare(math.Abs(a.share), math.Abs(b.share)) })
	all = all[:min(most, len(all))]
	slices.SortStableFunc(all, func(a, b one) int { return -cmp.Compare(a.share, b.share) })
	var words []string
	for _, s := range all {
		words = append(words, s.name+" "+output.Signed(s.share))
	}
	return strings.Join(words, "  ")
}

// drawAnswers draws one answer like that to a row, and of several a line of the text for each.
func (e *options) drawAnswers(list []*explanation) error {
	first := list[0]
	switch {
	case e.out == "":
		return nil
	case len(list) == 1:
		return e.draw(first)
	case len(first.texts) == 0:
		return exit.Usagef("--out draws several steps only for texts; name one step (--step)")
	}
	pic := plot.Attribution{
		Title:    first.title(),
		Subtitle: "integrated gradients: what raises (red) and lowers (blue) the score of each step's prediction",
	}
	for _, ex := range list {
		for _, t := range ex.texts {
			one := t.drawn()
			one.Head = fmt.Sprintf("%s: %s", ex.asked(), ex.told(ex.at))
			pic.Texts = append(pic.Texts, one)
		}
	}
	return e.save(pic)
}
