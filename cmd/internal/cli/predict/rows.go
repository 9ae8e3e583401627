package predict

import (
	"encoding/json"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset"
)

// rowWriter appends rows of predictions to a buffer, in one of the forms of output.
type rowWriter interface {
	head(out []byte) []byte
	// row appends row i of what the source read last; its answer stays empty unless ok.
	row(out []byte, in source, i int, ok bool) []byte
}

// source is what is predicted: rows of a file, or images.
type source interface {
	// Next fills a batch with up to max rows; io.EOF is the end.
	Next(b *dataset.Batch, max int) (int, error)
	// Errors, Records and Raw tell of the rows that were read last: what is wrong with them, their fields, and their text,
	// which may be nil.
	Errors() []error
	Records() [][]string
	Raw() []string
}

// newRows makes the writer of a form. Columns at the places kept stand before the predictions; a prediction that would
// bear the name of one of them gets another.
func newRows(form string, ps *predictions, kept []int, header []string) rowWriter {
	for _, p := range ps.heads {
		if p.steps != nil && form != "jsonl" { // a list of probabilities for each step is no field
			p.prob = false
			p.name()
		}
	}
	var columns []string
	for _, at := range kept {
		columns = append(columns, header[at])
	}
	names := slices.Clone(ps.names())
	if form == "jsonl" && ps.heads[0].top != nil {
		names = []string{"top"}
	}
	for i, name := range names {
		for slices.Contains(columns, name) {
			name = "predicted_" + name
		}
		names[i] = name
	}
	whole := len(kept) > 0 && len(kept) == len(header)
	if form == "jsonl" {
		w := &jsonRows{predictions: ps, kept: kept, whole: whole}
		for _, name := range append(columns, names...) {
			w.keys = append(w.keys, append(output.QuoteJSON(nil, name), ':'))
		}
		return w
	}
	return &csvRows{predictions: ps, kept: kept, names: append(columns, names...)}
}

// csvRows writes CSV by RFC 4180, lines ending in LF.
type csvRows struct {
	predictions *predictions
	kept        []int
	names       []string
	fields      []field
}

func (w *csvRows) head(out []byte) []byte {
	for i, name := range w.names {
		if i > 0 {
			out = append(out, ',')
		}
		out = output.AppendCSV(out, name)
	}
	return append(out, '\n')
}

func (w *csvRows) row(out []byte, in source, i int, ok bool) []byte {
	start := len(out)
	if len(w.kept) > 0 {
		record := in.Records()[i]
		for _, at := range w.kept {
			if at < len(record) {
				out = output.AppendCSV(out, record[at])
			}
			out = append(out, ',')
		}
	}
	if ok {
		w.fields = w.predictions.row(w.fields[:0], i)
		for _, f := range w.fields {
			if f.isWord {
				out = output.AppendCSV(out, f.word)
			} else {
				out = output.AppendNumber(out, f.number)
			}
			out = append(out, ',')
		}
	} else {
		for range len(w.names) - len(w.kept) {
			out = append(out, ',')
		}
	}
	out = out[:len(out)-1]
	if len(out) == start { // an empty line would be no row
		out = append(out, `""`...)
	}
	return append(out, '\n')
}

// jsonRows writes JSON Lines.
type jsonRows struct {
	predictions *predictions
	kept        []int
	whole       bool
	keys        [][]byte // of kept columns, then of predictions, each with its colon
	fields      []field
}

func (w *jsonRows) head(out []byte) []byte { return out }

func (w *jsonRows) row(out []byte, in source, i int, ok bool) []byte {
	out = append(out, '{')
	keys := w.keys[len(w.kept):]
	if body, ok := w.body(in, i); ok {
		out = append(out, body...)
	} else if len(w.kept) > 0 {
		record := in.Records()[i]
		for k, at := range w.kept {
			out = append(out, w.keys[k]...)
			text := ""
			if at < len(record) {
				text = record[at]
			}
			out = append(output.AppendJSON(out, text), ',')
		}
	}
	if !ok {
		for _, key := range keys {
			out = append(append(out, key...), "null,"...)
		}
	} else {
		for _, p := range w.predictions.heads {
			out, keys = w.of(out, p, keys, i)
		}
	}
	out[len(out)-1] = '}'
	return append(out, '\n')
}

// of appends what a head predicts for row i, each field behind its key, and returns the keys of the heads behind it.
func (w *jsonRows) of(out []byte, p *prediction, keys [][]byte, i int) ([]byte, [][]byte) {
	n := len(p.names)
	if p.top != nil {
		n = 1
	}
	if p.top == nil && p.steps == nil {
		w.fields = p.row(w.fields[:0], i)
	}
	for k, key := range keys[:n] {
		out = append(out, key...)
		switch {
		case p.steps != nil:
			out = p.appendSteps(out, i, k)
		case p.top != nil:
			out = p.appendTop(out, i)
		case w.fields[k].isWord:
			out = output.QuoteJSON(out, w.fields[k].word)
		default:
			out = output.AppendNumber(out, w.fields[k].number)
		}
		out = append(out, ',')
	}
	return out, keys[n:]
}

// body returns the inside of the row's own object, with a comma at its end, when all of a JSON input is to be kept.
func (w *jsonRows) body(in source, i int) (string, bool) {
	raw := in.Raw()
	if !w.whole || raw == nil || !json.Valid([]byte(raw[i])) || raw[i][0] != '{' {
		return "", false
	}
	body := strings.TrimSpace(raw[i][1 : len(raw[i])-1])
	if body != "" {
		body += ","
	}
	return body, true
}
