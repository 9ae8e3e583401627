package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// explained is a row and what the model says of it.
type explained struct {
	net       *model.Network
	explainer *model.Explainer
	file      string
	pictured  bool              // the file is a picture, not a file of rows
	row       int               // of a file with rows, from 1; 0 for a picture
	x         *dataset.Batch    // of one row
	fields    map[string]string // by column
	task      metrics.Task
	own       []float64 // what the net predicts
	answer    model.Answer
	at        int // of the answer
	step      int // from 0, that is answered; of nets with an answer for each
}

// readPicture reads the one picture.
func (e *explainCommand) readPicture(x *explained) error {
	if info, err := os.Stat(x.file); err == nil && info.IsDir() {
		return usagef("%s is a folder; name one picture", x.file)
	}
	if e.row != 1 || e.input.format != "" || e.input.delimiter != "" {
		return usagef("--row, --input-format and --delimiter are for files with rows")
	}
	s, err := x.net.Schema.OpenPictures(slices.Values([]string{x.file}), 1)
	if err != nil {
		return bad(err)
	}
	defer s.Close()
	if _, err := s.Next(x.x, 1); err != nil {
		return bad(err)
	}
	if err := s.Errors()[0]; err != nil {
		return usagef("%s: %v", x.file, err)
	}
	return nil
}

// readRow reads the file up to the row that is asked for.
func (e *explainCommand) readRow(x *explained) error {
	x.row = e.row
	in, err := e.input.open(e.app, x.file)
	if err != nil {
		return err
	}
	defer in.done()
	x.file = in.name
	s, err := e.input.stream(in, x.net.Schema, false)
	if err != nil {
		return err
	}
	for i := range e.row {
		_, err := s.Next(x.x, 1)
		if errors.Is(err, io.EOF) {
			return usagef("%s has %s; there is no row %d", in.name, plural(i, "row"), e.row)
		}
		if err != nil {
			return bad(fmt.Errorf("%s: %w", in.name, err))
		}
	}
	if err := s.Errors()[0]; err != nil {
		wrong := newComplaints(e.app, in)
		wrong.row(func() string { return wrong.line(s.Lines()[0]) }, err)
		return usagef("row %d of %s cannot be explained", e.row, in.name)
	}
	e.app.tellUnseen(s)
	x.fields = map[string]string{}
	if records := s.Records(); len(records) > 0 {
		for i, name := range s.Header() {
			if i < len(records[0]) {
				x.fields[name] = records[0][i]
			}
		}
	}
	return nil
}

// sequences reports whether the row has texts or series.
func (x *explained) sequences() bool {
	return slices.ContainsFunc(x.net.Schema.Inputs, func(in dataset.Input) bool { return in.IsText() || in.IsSeries() })
}

// predicted is the answer that the model gives: its class, its likeliest label, or its first number.
func (x *explained) predicted() int {
	switch x.task.Kind {
	case metrics.Regression:
		return 0
	case metrics.Binary:
		if x.task.Positive(x.own[0]) {
			return 1
		}
		return 0
	}
	return metrics.Argmax(x.own)
}

// other is what the model answers, where that excludes the answer which is explained.
func (x *explained) other() (at int, other bool) {
	at = x.predicted()
	return at, at != x.at && (x.task.Kind == metrics.Binary || x.task.Kind == metrics.MultiClass)
}

// value is the probability of an answer, or the number predicted.
func (x *explained) value(at int) float64 {
	if x.task.Kind == metrics.Binary {
		return [2]float64{1 - x.own[0], x.own[0]}[at]
	}
	return x.own[at]
}

// told names an answer with its probability, or a target with its number.
func (x *explained) told(at int) string {
	name, v := x.net.Answers()[at].Name, x.value(at)
	if x.task.Kind == metrics.Regression {
		return fmt.Sprintf("%s = %s", name, figure(v))
	}
	return fmt.Sprintf("%s (%s)", name, figure(v))
}

// place names the row.
func (x *explained) place() string {
	if x.row == 0 {
		return x.file
	}
	return fmt.Sprintf("%s, row %d", x.file, x.row)
}
