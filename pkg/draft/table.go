package draft

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/survey"
)

// tabular is the draft of a spec for a table.
type tabular struct {
	*drafting
	seen   *survey.Table
	target *target
}

// table drafts a spec for a table: of columns, of texts, of a series in each row, or of a series in time.
func (d *drafting) table() error {
	src, err := d.open()
	if err != nil {
		return err
	}
	if err := d.nameTarget(src.main, src.headless); err != nil {
		return err
	}
	s := survey.Of(src.main, d.Target)
	t, err := d.newTarget(s)
	if err != nil {
		return err
	}
	if unseen := t.unseenLabels(src.others); len(unseen) > 0 && t.classed() {
		d.warn("the official splits have labels that the training split lacks: %s", phrase.Few(unseen))
	}
	d.see("%s: %s, %s", d.Data, counted(s.Rows), phrase.Count(len(src.main.Header), "column"))
	d.dataset, d.surveyed = src.lines, s
	if s.Rows < fewRows {
		d.warn("%s are few: a net learns from hundreds, and scores of a handful of rows say little", counted(s.Rows))
	}
	own := &tabular{d, s, t}
	if d.Horizon > 0 {
		if s.Dates == nil || !s.Dates.Unique && s.Steps != nil && s.Steps.Parts != nil {
			s.Dates = s.Steps
		}
		if err := own.mayForecast(len(src.others) > 0); err != nil {
			return err
		}
		s.Clock = s.Dates
	}
	switch series := findSeries(s); {
	case d.steps > 0:
		return own.listedSeries()
	case t.kind == "number" && s.Clock != nil && s.Clock.Even && len(src.others) == 0:
		return own.forecast()
	case series != nil:
		return own.series(series)
	}
	return own.columns()
}

// fewRows is the number of rows below which a net learns little.
const fewRows = 50

// columns drafts a net for columns of numbers, words and texts.
func (d *tabular) columns() error {
	s, t := d.seen, d.target
	inputs := s.Inputs()
	var texts, flat []*survey.Column
	for _, c := range inputs {
		if c.Type == "text" {
			texts = append(texts, c)
		} else if c.Type != "image" {
			flat = append(flat, c)
		}
	}
	if len(inputs) == 0 { // names, which are read letter by letter
		for _, c := range s.Seen {
			if c != s.Target && c.Fault == survey.Identifier && c != s.Groups {
				c.Fault, texts = survey.Sound, append(texts, c)
			}
		}
	}
	if len(s.Seen) == 1 {
		return fmt.Errorf("%s has no column but %s: there is nothing to learn from", d.Data, t.Name)
	}
	if len(texts)+len(flat) == 0 {
		return fmt.Errorf("%s has no column to learn %s from%s", d.Data, t.Name, faultsOf(s))
	}
	d.tell(texts, flat)
	d.dataset.add("inputs:")
	for _, c := range texts {
		d.textInput(c)
	}
	d.flatInputs(flat)
	d.leftOut()
	text, comment := t.setting()
	d.dataset.add("%s", text).note("%s", comment)
	n := d.split()
	if len(texts) > 0 {
		d.about = fmt.Sprintf("Predicts %s from %s.", t.Name, textsAnd(texts, flat))
		d.textNet(texts, flat, n)
		return nil
	}
	d.about = fmt.Sprintf("Predicts %s from %s.", t.Name, phrase.Count(len(flat), "column"))
	d.tableNet(n)
	return nil
}

func textsAnd(texts, flat []*survey.Column) string {
	what := "the texts of " + texts[0].Name
	if len(texts) > 1 {
		what += " and " + phrase.Count(len(texts)-1, "other column")
	}
	if len(flat) > 0 {
		what += ", next to " + phrase.Count(len(flat), "column")
	}
	return what
}

// tell tells what was seen of a table.
func (d *tabular) tell(texts, flat []*survey.Column) {
	s, t := d.seen, d.target
	switch t.kind {
	case "number":
		d.see("target   %s, a number: %s", t.Name, rangeOf(t.Column))
	case "binary":
		d.see("target   %s, yes or no: %s; yes is %s", t.Name, counts(t.Column, 2), t.positive[0])
	case "labels":
		d.see("target   %s, any of several labels: %s", t.Name, counts(t.Column, 5))
	default:
		d.see("target   %s, one of %d classes: %s", t.Name, t.Words, counts(t.Column, 5))
	}
	var numbers, categories, prose []string
	for _, c := range flat {
		if c.Type == "labels" || isCategory(c, s.Rows) {
			categories = append(categories, c.Name)
		} else {
			numbers = append(numbers, c.Name)
		}
	}
	for _, c := range texts {
		prose = append(prose, c.Name)
	}
	for _, kind := range []struct {
		noun  string
		names []string
	}{{"numbers ", numbers}, {"words   ", categories}, {"texts   ", prose}} {
		if len(kind.names) > 0 {
			d.see("%s %s", kind.noun, few(kind.names, 12))
		}
	}
	for _, c := range s.Seen {
		switch {
		case c.Fault == survey.Leak:
			d.warn("%s is left out: %s; if it is known when you predict, add it to the inputs", c.Name, c.Why)
		case c.Fault == survey.Form:
			d.warn("%s is left out: %s", c.Name, c.Why)
		case c.Fault != survey.Sound:
			d.see("left out %s: %s", c.Name, c.Why)
		}
	}
}

// few lists the first names, and how many more there are.
func few(names []string, most int) string {
	if len(names) <= most {
		return phrase.List(names)
	}
	return fmt.Sprintf("%s and %d more", phrase.List(names[:most-1]), len(names)-most+1)
}

// leftOut says which columns are no inputs, and why.
func (d *tabular) leftOut() {
	s := d.seen
	const most = 12
	n := 0
	for _, c := range s.Seen {
		if c == s.Target || c.Fault == survey.Sound {
			continue
		}
		if n++; n <= most {
			d.dataset.remark(2, "left out: %s (%s)", c.Name, c.Why)
		}
	}
	if n > most {
		d.dataset.remark(2, "left out: %d more", n-most)
	}
}

// faultsOf tells why no column can be used.
func faultsOf(s *survey.Table) string {
	text := ""
	for i, c := range slices.DeleteFunc(slices.Clone(s.Seen), func(c *survey.Column) bool { return c == s.Target }) {
		text += [2]string{": ", "; "}[min(i, 1)] + c.Name + " (" + c.Why + ")"
	}
	return text
}
