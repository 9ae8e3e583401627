package train

import "dnn/pkg/dataset"

// mistakenTexts are the texts of mistakes, by column; nothing where the net reads none.
type mistakenTexts struct {
	names []string
	rows  [][]string // parallel to the mistakes
}

// mostText is how many characters of a text stand in the list of mistakes.
const mostText = 500

// texts reads the texts of mistakes again, from the files of the data. Files that cannot be read any more tell none: the list
// says where they stand.
func (t *Trainer) texts(m *mistakes, part *dataset.Part) mistakenTexts {
	var texts mistakenTexts
	var at []int // of the inputs
	for i := range t.job.Schema.Inputs {
		if in := &t.job.Schema.Inputs[i]; in.IsText() {
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
	config := t.job.Config
	fields, err := config.Dataset.Texts(part, t.job.Dir, config.Seed, rows, at)
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
