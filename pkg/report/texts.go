package report

import "dnn/pkg/dataset"

// mistakenTexts are the texts of misclassified rows, by column; none for a net that reads none.
type mistakenTexts struct {
	names []string
	rows  [][]string // parallel to the mistakes
}

// mostText is how many characters of a text stand in the list of mistakes.
const mostText = 500

// texts are those of the misclassified rows, cut to what a list can show; none where the data was loaded without
// dataset.KeepTexts.
func (r *Report) texts(m *misclassified, part *dataset.Part) (texts mistakenTexts) {
	var at []int // of the inputs
	for i := range r.job.Schema.Inputs {
		if in := &r.job.Schema.Inputs[i]; in.IsText() && part.Texts(m.list[0].row, i) != nil {
			at, texts.names = append(at, i), append(texts.names, in.Columns[0])
		}
	}
	for _, one := range m.list {
		var row []string
		for _, i := range at {
			row = append(row, part.Texts(one.row, i)...)
		}
		for k, text := range row {
			if runes := []rune(text); len(runes) > mostText {
				row[k] = string(runes[:mostText]) + "…"
			}
		}
		texts.rows = append(texts.rows, row)
	}
	return texts
}
