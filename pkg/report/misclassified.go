package report

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"dnn/internal/plot"
	"dnn/internal/plot/canvas"
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
	"dnn/pkg/train"
)

const (
	maxListed = 1000 // rows in the list
	maxDrawn  = 40   // images in the plot
)

// mistake is a misclassified row.
type mistake struct {
	row              int // of the split
	step             int // of the row, from 1; 0 where the whole row has one answer
	truth, predicted int
	p, own           float64 // probabilities of the predicted class and of its own
}

// misclassified collects the most confident mistakes of a split whose batches come in order.
type misclassified struct {
	task  task.Head
	list  []mistake
	rows  int // seen so far
	count int // of all mistakes
}

// add looks through a batch of predictions with one class a row, or a step; of any other task it knows no mistakes.
func (m *misclassified) add(b metrics.Batch) {
	at := position{row: m.rows, steps: b.Steps}
	if m.rows += b.Rows; m.task.Sequence() {
		m.rows += len(b.Steps) - b.Rows
	}
	for i, truth := range b.Class {
		one := mistake{truth: truth}
		one.row, one.step = at.next()
		switch m.task.Kind {
		case task.Binary:
			p := [2]float64{1 - b.Pred[i], b.Pred[i]}
			if metrics.Positive(m.task, b.Pred[i]) {
				one.predicted = 1
			}
			one.p, one.own = p[one.predicted], p[truth]
		case task.Category:
			p := b.Pred[i*len(m.task.Classes) : (i+1)*len(m.task.Classes)]
			if one.predicted = metrics.Argmax(p); one.predicted >= 0 {
				one.p, one.own = p[one.predicted], p[truth]
			}
		default:
			continue
		}
		if one.predicted != truth && one.predicted >= 0 {
			m.list = append(m.list, one)
			m.count++
		}
	}
	if len(m.list) > 2*maxListed {
		m.sort()
	}
}

// position goes through the answers of a batch.
type position struct {
	row, step int
	steps     []int // of each row; nil where each has one answer
}

// next is the place of the next answer.
func (p *position) next() (row, step int) {
	if p.steps == nil {
		p.row++
		return p.row - 1, 0
	}
	for p.step == p.steps[0] {
		p.row, p.step, p.steps = p.row+1, 0, p.steps[1:]
	}
	p.step++
	return p.row, p.step
}

// sort puts the most confident mistakes first and drops those beyond the limit.
func (m *misclassified) sort() {
	slices.SortFunc(m.list, func(a, b mistake) int {
		switch {
		case a.p > b.p:
			return -1
		case a.p < b.p:
			return 1
		}
		return cmp.Or(a.row-b.row, a.step-b.step)
	})
	m.list = m.list[:min(len(m.list), maxListed)]
}

// writeMisclassified writes the list of the split's mistakes in a target, the most confident first, and, for a net that reads
// images, draws those. The list is written once more under the name, and with the columns, that it had in the version before.
// If there are none, it removes what an earlier process wrote. It returns the path of the list, or "".
func (r *Report) writeMisclassified(p *painter, h *headReport, dir string, last train.PartScores) (string, error) {
	m, part := h.wrong, last.Data
	m.sort()
	list, drawing := filepath.Join(dir, "misclassified"+h.name+".csv"), filepath.Join(dir, "misclassified"+h.name)
	former := filepath.Join(dir, "mistakes"+h.name+".csv")
	if len(m.list) == 0 {
		for _, path := range []string{list, former, drawing + ".png", drawing + ".svg"} {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return "", err
			}
		}
		return "", nil
	}
	texts := r.texts(m, part)
	rows := m.rowsOf(part, r.imageInput(), texts)
	if err := writeCSV(list, rows); err != nil {
		return "", err
	}
	if err := writeCSV(former, renamed(rows, len(rows[0])-len(texts.names))); err != nil {
		return "", err
	}
	items, err := r.drawnMistakes(m, part)
	if err != nil || items == nil {
		return list, err
	}
	p.draw(drawing, func(path string) error {
		return plot.DrawMisclassified(path, plot.Misclassified{Title: r.job.Config.Name + ", " + last.Part + " split", Of: m.count, Items: items})
	})
	return list, nil
}

// rowsOf is the list with its header: where the row is, its id if it is made of all rows of one, the file of its image if a
// column names that, the step if each is predicted, label and prediction, the probabilities of both, and the texts.
func (m *misclassified) rowsOf(part *dataset.Part, image int, texts mistakenTexts) [][]string {
	first := m.list[0].row
	ids, files := part.ID(first) != "", image >= 0 && part.Image(image, first) != ""
	line := func(row, id, file, step string, rest ...string) []string {
		list := []string{row}
		if ids {
			list = append(list, id)
		}
		if files {
			list = append(list, file)
		}
		if m.task.Sequence() {
			list = append(list, step)
		}
		return append(list, rest...)
	}
	head := line("row", "id", "image", "step", "label", "prediction", "probability", "probability_of_label")
	rows := [][]string{append(head, texts.names...)}
	share := func(p float64) string { return strconv.FormatFloat(p, 'g', 6, 64) }
	for i, one := range m.list {
		file := ""
		if files {
			file = part.Image(image, one.row)
		}
		row := line(part.Place(one.row), part.ID(one.row), file, strconv.Itoa(one.step),
			m.task.Classes[one.truth], m.task.Classes[one.predicted], share(one.p), share(one.own))
		rows = append(rows, append(row, texts.rows[i]...))
	}
	return rows
}

// renamed is the list with the names that its first columns had in the version before.
func renamed(rows [][]string, columns int) [][]string {
	former := map[string]string{"label": "truth", "probability_of_label": "probability_of_truth", "image": "picture"}
	head := slices.Clone(rows[0])
	for i, name := range head[:columns] {
		head[i] = cmp.Or(former[name], name)
	}
	return append([][]string{head}, rows[1:]...)
}

func writeCSV(path string, rows [][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	return errors.Join(w.WriteAll(rows), f.Close())
}

// imageInput is the first input of images, -1 if there is none.
func (r *Report) imageInput() int {
	return slices.IndexFunc(r.job.Schema.Inputs, func(in dataset.Input) bool { return in.IsImage() })
}

// drawnMistakes are the most confident mistakes with their images; nil for a net that reads none.
func (r *Report) drawnMistakes(m *misclassified, part *dataset.Part) ([]plot.MisclassifiedImage, error) {
	s, at := r.job.Schema, r.imageInput()
	if at < 0 {
		return nil, nil
	}
	batch := s.NewBatch(1)
	var items []plot.MisclassifiedImage
	for _, one := range m.list[:min(len(m.list), maxDrawn)] {
		if err := part.Fill(batch, []int{one.row}); err != nil {
			return nil, err
		}
		px := s.Inputs[at].Image(batch, 0)
		items = append(items, plot.MisclassifiedImage{
			Image: canvas.Pixels(px.Shape, px.Bytes), Name: filepath.Base(cmp.Or(part.Image(at, one.row), part.Place(one.row))), Probability: one.p,
			Label: m.task.Classes[one.truth], Predicted: m.task.Classes[one.predicted],
		})
	}
	return items, nil
}
