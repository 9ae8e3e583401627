package report

import "dnn/pkg/dataset"

// mistakenTexts are the texts of misclassified rows, by column; none for a net that reads none.
type mistakenTexts struct {
	names []string
	rows  [][]string // parallel to the mistakes
}

// mostText is how many characters of a text stand in the list of mistakes.
const mostText = 500

// texts reads the texts of mistakes again, from the files of the data. Files that cannot be read any more tell none: the list
// says where they stand.
func (r *Report) texts(m *misclassified, part *dataset.Part) mistakenTexts {
	var texts mistakenTexts
	var at []int // of the inputs
	for i := range r.job.Schema.Inputs {
		if in := &r.job.Schema.Inputs[i]; in.IsText() {
			at, texts.names = append(at, i), append(texts.names, in.Columns[0])
		}
	}
	if at == nil {
		return texts
	}
	rows := make([]int, len(m.list))
	for i, one := range m.list {
		rows[i] = one.row
	}
	config := r.job.Config
	fields, err := config.Dataset.Texts(part, r.job.Dir, config.Seed, rows, at)
	if err != nil {
		return mistakenTexts{}
	}
	for _, row := range fields {
		for k, text := range row {
			if runes := []rune(text); len(runes) > mostText {
				row[k] = string(runes[:mostText]) + "…"
			}
		}
	}
	texts.rows = fields
	return texts
}

// of are the texts of mistake i.
func (m mistakenTexts) of(i int) []string {
	if m.rows == nil {
		return nil
	}
	return m.rows[i]
}
