package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/explain"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// explained is a row and what the model says of it.
type explained struct {
	net       *model.Network
	explainer *explain.Explainer
	file      string
	pictured  bool              // the file is an image, not a file of rows
	row       int               // of a file with rows, from 1; 0 for an image and for a text
	text      string            // "" where a file is read
	x         *dataset.Batch    // of one row
	fields    map[string]string // by column
	head      int               // of the net, that is explained
	task      task.Head
	own       []float64 // what the net predicts
	answer    explain.Prediction
	at        int // of the answer
	step      int // from 0, that is answered; of nets with an answer for each
}

// rowFlags choose what is explained.
type rowFlags struct {
	row  int
	line int
	id   string
	text string
}

func (r *rowFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&r.row, "row", 1, "row of FILE to explain, from 1")
	f.StringVar(&r.id, "id", "", "id of the sequence in FILE to explain, instead of --row, if all rows of an id are one sequence (sequence_id)")
	f.IntVar(&r.line, "line", 0, "line of FILE, from 1, where the row to explain begins, as misclassified.csv lists it; instead of --row")
	f.StringVar(&r.text, "text", "", "text to explain, instead of a row of FILE, for models whose only input is a text")
	flags.Exclusive(cmd, "row", "line", "id", "text")
}

// openText makes a row of the text.
func openText(text string, s *dataset.Schema) (*input.Input, error) {
	column := ""
	for i := range s.Inputs {
		in := &s.Inputs[i]
		switch {
		case in.Head >= 0: // the net writes it
		case !in.IsText() || column != "":
			return nil, exit.Usagef("--text is for models whose only input is a text; name a FILE with a row")
		default:
			column = in.Columns[0]
		}
	}
	if column == "" || s.Ordering != nil {
		return nil, exit.Usagef("--text is for models whose only input is a text; name a FILE with a row")
	}
	line, err := json.Marshal(map[string]string{column: text})
	if err != nil {
		return nil, err
	}
	return &input.Input{Reader: bytes.NewReader(line), Name: "--text", Format: "jsonl", Close: func() {}}, nil
}

// readImage reads the one image.
func (e *options) readImage(x *explained) error {
	if info, err := os.Stat(x.file); err == nil && info.IsDir() {
		return exit.Usagef("%s is a folder; name one image", x.file)
	}
	if e.row != 1 || e.line != 0 || e.id != "" || e.input.Given() {
		return exit.Usagef("--row, --line, --id, --input-format and --delimiter are for files with rows")
	}
	s, err := stream.OpenImages(x.net.Schema, slices.Values([]string{x.file}), 1)
	if err != nil {
		return exit.Bad(err)
	}
	defer s.Close()
	if _, err := s.Next(x.x, 1); err != nil {
		return exit.Bad(err)
	}
	if err := s.Errors()[0]; err != nil {
		return exit.Usagef("%s: %v", x.file, err)
	}
	return nil
}

// readRow reads the file up to the row that is asked for.
func (e *options) readRow(x *explained) error {
	var in *input.Input
	var err error
	if e.text != "" {
		in, err = openText(e.text, x.net.Schema)
	} else {
		in, err = e.input.Open(e.term, x.file)
	}
	if err != nil {
		return err
	}
	defer in.Close()
	x.file = in.Name
	s, err := e.input.Stream(in, x.net.Schema, false)
	if err != nil {
		return err
	}
	if err := e.findRow(x, s); err != nil {
		return err
	}
	if err := s.Errors()[0]; err != nil {
		wrong := input.NewBad(e.term, in)
		wrong.Add(func() string { return wrong.Line(s.Lines()[0]) }, err)
		return exit.Usagef("row %d of %s cannot be explained", x.row, in.Name)
	}
	if input.Warn(e.term, s); e.text != "" {
		x.row, x.text = 0, e.text
	}
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

// findRow reads up to the row of the number, of the line, or of the id, that is asked for.
func (e *options) findRow(x *explained, s *stream.Stream) error {
	at := -1 // the column of ids
	if e.id != "" {
		if t := x.net.Schema.Ordering; t != nil && t.ID != "" {
			at = slices.Index(s.Header(), t.ID)
		}
		if at < 0 {
			return exit.Usagef("--id is for models with a row for each id of a table (sequence_id); name the row by its number (--row)")
		}
	}
	var ids []string
	for x.row = 1; ; x.row++ {
		_, err := s.Next(x.x, 1)
		switch {
		case errors.Is(err, io.EOF) && at >= 0:
			return exit.Usagef("--id: %s has no %s %q%s", x.file, s.Header()[at], e.id, spec.DidYouMean(e.id, ids))
		case e.line > 0 && (errors.Is(err, io.EOF) || err == nil && s.Lines()[0] > e.line):
			return exit.Usagef("--line: no row of %s begins in line %d", x.file, e.line)
		case errors.Is(err, io.EOF):
			return exit.Usagef("%s has %s; there is no row %d", x.file, output.Plural(x.row-1, "row"), e.row)
		case err != nil:
			return exit.Bad(fmt.Errorf("%s: %w", x.file, err))
		case e.line > 0:
			if s.Lines()[0] == e.line {
				return nil
			}
		case at < 0 && x.row == e.row:
			return nil
		case at >= 0 && at < len(s.Records()[0]):
			id := s.Records()[0][at]
			if id == e.id {
				return nil
			}
			ids = append(ids, id)
		}
	}
}

// sequences reports whether the row has texts or series.
func (x *explained) sequences() bool {
	return slices.ContainsFunc(x.net.Schema.Inputs, func(in dataset.Input) bool { return in.IsText() || in.IsSeries() })
}

// predicted is the answer that the model gives: its class, its likeliest label, or its first number.
func (x *explained) predicted() int {
	switch x.task.Kind {
	case task.Number:
		return 0
	case task.Binary:
		if metrics.Positive(x.task, x.own[0]) {
			return 1
		}
		return 0
	}
	return metrics.Argmax(x.own)
}

// other is what the model answers, where that excludes the answer which is explained.
func (x *explained) other() (at int, other bool) {
	at = x.predicted()
	return at, at != x.at && (x.task.Kind == task.Binary || x.task.Kind == task.Category)
}

// value is the probability of an answer, or the number predicted.
func (x *explained) value(at int) float64 {
	if x.task.Kind == task.Binary {
		return [2]float64{1 - x.own[0], x.own[0]}[at]
	}
	return x.own[at]
}

// told names an answer with its probability, or a target with its number.
func (x *explained) told(at int) string {
	name, v := explain.Predictions(x.net, x.head)[at].Name, x.value(at)
	if x.task.Kind == task.Number {
		return fmt.Sprintf("%s = %s", name, output.Figure(v))
	}
	return fmt.Sprintf("%s (%s)", name, output.Figure(v))
}

// place names the row.
func (x *explained) place() string { return x.in(x.file) }

// title names the row in an image.
func (x *explained) title() string { return x.in(filepath.Base(x.file)) }

func (x *explained) in(file string) string {
	if x.text != "" {
		return strconv.Quote(output.Short(x.text))
	}
	if x.row == 0 {
		return file
	}
	place := fmt.Sprintf("%s, row %d", file, x.row)
	var words []string
	for _, k := range x.keys() {
		words = append(words, k+" "+x.fields[k])
	}
	if words != nil {
		place += " (" + strings.Join(words, ", ") + ")"
	}
	return place
}

// keys are the columns that identify a row: the id of a sequence, or its group and timestamp.
func (x *explained) keys() (list []string) {
	t := x.net.Schema.Ordering
	if t == nil {
		return nil
	}
	names := append([]string{t.Group}, t.TimeColumns()...)
	if t.ID != "" {
		names = []string{t.ID}
	}
	for _, name := range names {
		if v := x.fields[name]; v != "" && v != x.file {
			list = append(list, name)
		}
	}
	return list
}

// key is what stands in the keys; nil where there are none.
func (x *explained) key() map[string]string {
	var m map[string]string
	for _, k := range x.keys() {
		if m == nil {
			m = map[string]string{}
		}
		m[k] = x.fields[k]
	}
	return m
}
