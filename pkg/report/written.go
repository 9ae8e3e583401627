package report

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// wrongText is a text that differs from its reference, and by how much: edits per character of the reference.
type wrongText struct {
	infer.Written
	rate float64
}

// writeWrongTexts lists the texts that a head wrote for rows of the split and that differ from their references, the worst
// first, next to the inputs that are texts. If there are none, it removes what an earlier process wrote. It returns the path of
// the list, or "".
func (r *Report) writeWrongTexts(h *headReport, dir string, last train.PartScores) (string, error) {
	path := filepath.Join(dir, "misclassified"+h.name+".csv")
	var list []wrongText
	for _, w := range last.Scores.Heads[h.head].Written {
		if w.Text != w.References[0] {
			list = append(list, wrongText{w, errorRate(w)})
		}
	}
	if len(list) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		return "", nil
	}
	slices.SortStableFunc(list, func(a, b wrongText) int { return cmp.Compare(b.rate, a.rate) })
	list = list[:min(len(list), maxListed)]
	inputs := textInputs(r.job.Schema)
	rows := [][]string{{"row", "reference", "prediction", "character_error_rate"}}
	for _, i := range inputs {
		rows[0] = append(rows[0], r.job.Schema.Inputs[i].Name)
	}
	for _, w := range list {
		row := []string{last.Data.Place(w.Row), w.References[0], w.Text, strconv.FormatFloat(w.rate, 'g', 4, 64)}
		for _, i := range inputs {
			text := ""
			if fields := last.Data.Texts(w.Row, i); len(fields) > 0 {
				text = fields[0]
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return path, writeCSV(path, rows)
}

// errorRate is that of one text.
func errorRate(w infer.Written) float64 {
	a := spec.New[metrics.Metric]("character_error_rate").(metrics.TextMetric).NewTexts()
	a.AddTexts(metrics.Texts{Predictions: []string{w.Text}, References: [][]string{w.References}})
	return a.Result().Value
}

// textInputs lists the inputs that are texts.
func textInputs(s *dataset.Schema) (list []int) {
	for i := range s.Inputs {
		if s.Inputs[i].IsText() {
			list = append(list, i)
		}
	}
	return list
}
