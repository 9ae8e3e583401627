package explain

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/explain"
)

// explanation is what speaks for one answer to a row.
type explanation struct {
	*explained
	got     *explain.Attribution
	columns []columnShare
	texts   []textShares
	series  []channelShares
}

// columnShare is what one column, or a channel of a series, adds to an answer.
type columnShare struct {
	Column      string  `json:"column"`
	Value       *string `json:"value"` // as it stands in the file; null where it is not there, and of series
	Attribution float64 `json:"attribution"`
	parted      bool    // it is the sum of those of tokens or steps
}

// textShares are what the tokens of a text add.
type textShares struct {
	Column string       `json:"column"`
	Tokens []tokenShare `json:"tokens"`
}

type tokenShare struct {
	Step        int     `json:"step"` // from 1
	Token       string  `json:"token"`
	Unknown     bool    `json:"unknown,omitempty"` // training never saw it
	Attribution float64 `json:"attribution"`
	blank       bool    // white space stands before it
}

// channelShares are what the steps of one channel of a series add.
type channelShares struct {
	Channel string      `json:"channel"`
	Steps   []stepShare `json:"steps"`
}

type stepShare struct {
	Step        int     `json:"step"` // from 1; of a window the place of its row, counted from the row that is predicted
	Name        string  `json:"name"`
	Value       float64 `json:"value"`
	Attribution float64 `json:"attribution"`
}

// explanation sorts the attributions by columns, the largest first, tokens and steps. A column that several inputs read has a
// share for each, and is called with the name of the input too: promo (past).
func (x *explained) explanation(a *explain.Attribution) *explanation {
	ex := &explanation{explained: x, got: a}
	schema := x.net.Schema
	label := x.labels()
	for i := range schema.Inputs {
		in := &schema.Inputs[i]
		values := a.Values[in.Block]
		switch {
		case in.IsText():
			t := textShares{Column: label(in, in.Columns[0]), Tokens: []tokenShare{}}
			for k, token := range in.Tokens(x.fields[in.Columns[0]], x.x, 0) {
				t.Tokens = append(t.Tokens, tokenShare{k + 1, token.Text, !token.Known, values[k], token.Blank})
			}
			ex.texts = append(ex.texts, t)
			ex.add(t.Column, ex.field(in.Columns[0]), values, true)
		case in.IsSeries():
			channels := x.x.Channels(in, 0)
			for k, c := range channels {
				s := channelShares{Channel: label(in, c.Name), Steps: []stepShare{}}
				own := make([]float64, len(c.Values))
				column := s.Channel
				if c.NoOffset {
					s.Channel += " (without its offset)"
				}
				for step, v := range c.Values {
					own[step] = values[step*len(channels)+k]
					s.Steps = append(s.Steps, stepShare{c.First + step, c.Steps[step], v, own[step]})
				}
				ex.series = append(ex.series, s)
				ex.add(column, nil, own, true)
			}
		default:
			for _, span := range in.Spans() {
				ex.add(label(in, span.Column), ex.field(span.Column), values[span.Lo:span.Hi], false)
			}
		}
	}
	slices.SortStableFunc(ex.columns, func(a, b columnShare) int { return -cmp.Compare(math.Abs(a.Attribution), math.Abs(b.Attribution)) })
	return ex
}

// labels tells what a column or a channel of an input is called.
func (x *explained) labels() func(in *dataset.Input, name string) string {
	schema := x.net.Schema
	readers := map[string][]*dataset.Input{}
	read := func(in *dataset.Input, name string) {
		if !slices.Contains(readers[name], in) {
			readers[name] = append(readers[name], in)
		}
	}
	for i := range schema.Inputs {
		in := &schema.Inputs[i]
		switch {
		case in.IsText():
			read(in, in.Columns[0])
		case in.IsSeries():
			for _, c := range x.x.Channels(in, 0) {
				read(in, c.Name)
			}
		default:
			for _, span := range in.Spans() {
				read(in, span.Column)
			}
		}
	}
	return func(in *dataset.Input, name string) string {
		if len(readers[name]) > 1 && in.Name != name {
			return fmt.Sprintf("%s (%s)", name, in.Name)
		}
		return name
	}
}

// field is what stands in a column of the row, nil where it is not there.
func (ex *explanation) field(column string) *string {
	if value, ok := ex.fields[column]; ok {
		return &value
	}
	return nil
}

// add adds values to the share of a column.
func (ex *explanation) add(column string, field *string, values []float64, parted bool) {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	at := slices.IndexFunc(ex.columns, func(s columnShare) bool { return s.Column == column })
	if at >= 0 {
		ex.columns[at].Attribution += sum
		ex.columns[at].parted = parted && ex.columns[at].parted
		return
	}
	ex.columns = append(ex.columns, columnShare{column, field, sum, parted})
}
