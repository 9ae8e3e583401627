package survey

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Finding is something about data that a user should know before a training.
type Finding struct {
	Severity spec.Severity `json:"severity"`
	Kind     string        `json:"kind"` // a Fault, or: duplicates, classes, splits
	Columns  []string      `json:"columns,omitempty"`
	Split    string        `json:"split,omitempty"`
	Rows     int           `json:"rows,omitempty"`
	Text     string        `json:"text"`
}

// Faults tells what speaks against columns, those of a kind together. Where the columns are inputs, each is a warning; where
// nobody has chosen them yet, only those are that give the target away.
func (s *Table) Faults(inputs bool) (list []Finding) {
	for _, c := range s.Seen {
		if c == s.Target || c.Fault == Sound {
			continue
		}
		why := c.Why
		if c.Fault == Constant || c.Fault == Empty { // each has its own value
			why = map[Fault]string{Constant: "the same in each row", Empty: "nearly all fields are empty"}[c.Fault]
		} else if c.Fault == Identifier && c != s.Groups {
			why = "names or ids: more than half of the words are different"
		}
		at := slices.IndexFunc(list, func(f Finding) bool { return f.Kind == string(c.Fault) && f.Text == why })
		if at < 0 {
			severity := spec.Info
			if inputs || c.Fault == Leak || c.Fault == Form {
				severity = spec.Warning
			}
			at = len(list)
			list = append(list, Finding{Severity: severity, Kind: string(c.Fault), Text: why})
		}
		list[at].Columns = append(list[at].Columns, c.Name)
	}
	return list
}

const (
	fewOfClass = 5    // training rows of a class that are too few to learn it
	fewTwins   = 3    // duplicates in a split that may be chance
	manyTwins  = 0.01 // share of a split's rows from which duplicates are a warning
)

// Splits tells what is wrong with the splits of data: duplicate rows, and classes with few rows.
func Splits(d *dataset.Data) (list []Finding) {
	if d.Train == nil {
		return nil
	}
	if d.Schema.Ordering == nil && !slices.ContainsFunc(d.Schema.Heads, func(h dataset.Head) bool { return h.Axis != nil && h.Axis.Continues }) {
		list = duplicates(d) // windows over rows overlap
	}
	counts := d.Train.LabelCounts()
	for k := range d.Schema.Heads {
		h := &d.Schema.Heads[k]
		if h.Kind != task.Category && h.Kind != task.Binary || h.Text() {
			continue
		}
		if same := column.SameButCase(h.Classes); len(same) > 0 {
			list = append(list, Finding{Severity: spec.Warning, Kind: "classes", Columns: h.Columns, Split: "train", Text: column.CaseWarning(h.Name, same)})
		}
		var rare []string
		for i, n := range counts[k] {
			if n < fewOfClass && i < len(h.Classes) {
				rare = append(rare, h.Classes[i])
			}
		}
		if len(rare) > 0 {
			list = append(list, Finding{Severity: spec.Warning, Kind: "classes", Columns: h.Columns, Split: "train", Rows: len(rare),
				Text: fmt.Sprintf("%s with fewer than %d training rows, too few to learn: %s", classes(len(rare)), fewOfClass, phrase.Few(rare))})
		}
	}
	return list
}

func classes(n int) string {
	if n == 1 {
		return "1 class"
	}
	return phrase.Thousands(n) + " classes"
}

// duplicates finds rows of validation and test that an earlier split has too.
func duplicates(d *dataset.Data) []Finding {
	seen := map[uint64]twin{}
	f := Finding{Kind: "duplicates"}
	var splits []string
	other, first := 0, ""
	for _, split := range []string{"train", "validation", "test"} {
		p := d.Part(split)
		if p == nil || p.Rows() == 0 {
			continue
		}
		twins := 0
		each(d.Schema, p, func(row int, inputs, labels uint64) {
			before, known := seen[inputs]
			if !known {
				seen[inputs] = twin{split, row, labels}
			} else if before.split != split {
				if twins++; first == "" {
					first = fmt.Sprintf("%s is %s", p.Place(row), d.Part(before.split).Place(before.row))
				}
				if before.labels != labels {
					other++
				}
			}
		})
		if twins == 0 {
			continue
		}
		splits = append(splits, fmt.Sprintf("%s of %s %s rows", phrase.Thousands(twins), phrase.Thousands(p.Rows()), split))
		if f.Rows += twins; twins >= fewTwins && float64(twins) >= manyTwins*float64(p.Rows()) {
			f.Severity = spec.Warning
		}
	}
	if f.Rows == 0 {
		return nil
	}
	f.Text = fmt.Sprintf("%s have the inputs of a row of an earlier split, so scores are too good: %s", strings.Join(splits, " and "), first)
	if other > 0 {
		f.Text += fmt.Sprintf("; %s of them with another label", phrase.Thousands(other))
	}
	return []Finding{f}
}

// twin is a row that was seen.
type twin struct {
	split  string
	row    int
	labels uint64
}
