package explain

import (
	"fmt"
	"os"
	"strconv"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/newfile"
	"dnn/internal/plot"
	"dnn/pkg/task"
)

// draw writes the image of one answer, if it is wanted.
func (e *options) draw(ex *explanation) error {
	if e.out == "" {
		return nil
	}
	title := ex.told(ex.at)
	if p, other := ex.other(); other {
		title += fmt.Sprintf("; prediction: %s", ex.told(p))
	}
	place := ex.title()
	if ex.task.Sequence() {
		place += ", step " + ex.asked()
	}
	pic := plot.Attribution{
		Title:    place + ": " + title,
		Subtitle: fmt.Sprintf("integrated gradients, %d steps: red raises %s, blue lowers it", ex.got.Steps, ex.what()),
	}
	for _, t := range ex.texts {
		one := t.drawn()
		one.Name = t.Column
		pic.Texts = append(pic.Texts, one)
	}
	for _, c := range ex.series {
		s := plot.AttributedSeries{Name: c.Channel}
		for i, step := range c.Steps {
			if i == 0 {
				s.First = step.Step
			}
			s.Values, s.Attributions = append(s.Values, step.Value), append(s.Attributions, step.Attribution)
		}
		pic.Series = append(pic.Series, s)
	}
	return e.save(pic)
}

// what is explained: a number, or the score of a class.
func (x *explained) what() string {
	if x.task.Kind == task.Number {
		return x.answer.Name
	}
	return "the score of " + x.answer.Name
}

// drawn is the text as it is drawn.
func (t *textShares) drawn() (one plot.AttributedText) {
	for _, s := range t.Tokens {
		one.Tokens = append(one.Tokens, plot.AttributedToken{Text: s.Token, Blank: s.blank, Value: s.Attribution})
	}
	return one
}

func (e *options) save(pic plot.Attribution) error {
	return exit.Written(plot.DrawAttribution(e.out, pic))
}

// writeCSV writes the attributions of all answers as a table, if it is wanted: the columns column, step, value and
// attribution, of nets with an answer for each step behind answer_step and answer. The value is a field, a token or a number.
func (e *options) writeCSV(list []*explanation) error {
	if e.csv == "" {
		return nil
	}
	steps := list[0].task.Sequence()
	var out []byte
	if steps {
		out = append(out, "answer_step,answer,"...)
	}
	out = append(out, "column,step,value,attribution\n"...)
	for _, ex := range list {
		line := func(column, step, value string, share float64) {
			if steps {
				out = append(strconv.AppendInt(out, int64(ex.step+1), 10), ',')
				out = append(output.AppendCSV(out, ex.answer.Name), ',')
			}
			out = append(output.AppendCSV(out, column), ',')
			out = append(append(out, step...), ',')
			out = append(output.AppendCSV(out, value), ',')
			out = append(output.AppendNumber(out, share), '\n')
		}
		ex.eachShare(line)
	}
	return exit.Written(newfile.Write(e.csv, out))
}

// eachShare calls line for each column that is no sequence, each token and each step.
func (ex *explanation) eachShare(line func(column, step, value string, share float64)) {
	for _, s := range ex.columns {
		if s.parted {
			continue
		}
		value := ""
		if s.Value != nil {
			value = *s.Value
		}
		line(s.Column, "", value, s.Attribution)
	}
	for _, t := range ex.texts {
		for _, s := range t.Tokens {
			line(t.Column, strconv.Itoa(s.Step), s.Token, s.Attribution)
		}
	}
	for _, c := range ex.series {
		for _, s := range c.Steps {
			line(c.Channel, strconv.Itoa(s.Step), string(output.AppendNumber(nil, s.Value)), s.Attribution)
		}
	}
}

// checkFiles refuses outputs in the place of the rows, of the model or of data.
func (e *options) checkFiles(x *explained, arg string) error {
	if e.out != "" {
		if _, err := e.checkedHeatFile(x, arg); err != nil {
			return err
		}
	}
	input, _ := os.Stat(x.file)
	return models.CheckOut("--csv", e.csv, input, arg)
}
