package train

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
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// MistakesFile lists the rows of a run's last part that the best weights get wrong, the surest first.
const MistakesFile = "mistakes.csv"

const (
	maxMistakes = 1000 // in the list
	maxDrawn    = 40   // in the picture
)

// mistake is a row that was taken for another class than its own.
type mistake struct {
	row              int // of the part
	step             int // of the row, from 1; 0 where the whole row has one answer
	truth, predicted int
	p, own           float64 // probabilities of the predicted class and of its own
}

// mistakes collects the surest mistakes of a part whose batches come in order.
type mistakes struct {
	task  task.Head
	list  []mistake
	rows  int // seen so far
	count int // of all mistakes
}

// add looks through a batch of predictions with one class a row, or a step; of any other task it knows no mistakes.
func (m *mistakes) add(b metrics.Batch) {
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
	if len(m.list) > 2*maxMistakes {
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

// sort puts the surest mistakes first and forgets those that are too many.
func (m *mistakes) sort() {
	slices.SortFunc(m.list, func(a, b mistake) int {
		switch {
		case a.p > b.p:
			return -1
		case a.p < b.p:
			return 1
		}
		return cmp.Or(a.row-b.row, a.step-b.step)
	})
	m.list = m.list[:min(len(m.list), maxMistakes)]
}

// tellMistakes writes the list of the last part's mistakes and, when the net looks at pictures, draws the surest. Where
// there are none, what an earlier process wrote is removed.
func (t *Trainer) tellMistakes(p *painter, res *Result, m *mistakes, part *dataset.Part, name string) error {
	m.sort()
	list, picture := t.path(MistakesFile), t.path("mistakes")
	if len(m.list) == 0 {
		for _, path := range []string{list, picture + ".png", picture + ".svg"} {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}
	if err := m.write(list, part, t.pictured(), t.texts(m, part)); err != nil {
		return err
	}
	res.Mistakes = list
	items, err := t.drawnMistakes(m, part)
	if err != nil || items == nil {
		return err
	}
	p.draw(picture, func(path string) error {
		return plot.DrawMistakes(path, plot.Mistakes{Title: t.job.Config.Name + ", " + name + " part", Of: m.count, Items: items})
	})
	return nil
}

// write writes the list: the row's place, the id where it is made of all rows of one, the step where each has an answer, the
// class it has and the one it was taken for, the probabilities of both, and its texts. Where a column names the files of
// pictures, that of the input pictured is told too.
func (m *mistakes) write(path string, part *dataset.Part, pictured int, texts mistakenTexts) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	head := []string{"row", "truth", "prediction", "probability", "probability_of_truth"}
	if m.task.Sequence() {
		head = slices.Insert(head, 1, "step")
	}
	files := pictured >= 0 && len(m.list) > 0 && part.Picture(pictured, m.list[0].row) != ""
	if files {
		head = slices.Insert(head, 1, "picture")
	}
	ids := len(m.list) > 0 && part.ID(m.list[0].row) != ""
	if ids {
		head = slices.Insert(head, 1, "id")
	}
	w.Write(append(head, texts.names...))
	share := func(p float64) string { return strconv.FormatFloat(p, 'g', 6, 64) }
	for i, one := range m.list {
		line := []string{part.Place(one.row), m.task.Classes[one.truth], m.task.Classes[one.predicted], share(one.p), share(one.own)}
		if m.task.Sequence() {
			line = slices.Insert(line, 1, strconv.Itoa(one.step))
		}
		if files {
			line = slices.Insert(line, 1, part.Picture(pictured, one.row))
		}
		if ids {
			line = slices.Insert(line, 1, part.ID(one.row))
		}
		w.Write(append(line, texts.of(i)...))
	}
	w.Flush()
	return errors.Join(w.Error(), f.Close())
}

// pictured is the first input of pictures, -1 when there is none.
func (t *Trainer) pictured() int {
	return slices.IndexFunc(t.job.Schema.Inputs, func(in dataset.Input) bool { return in.IsPicture() })
}

// drawnMistakes are the surest mistakes with their pictures; nil when the net looks at none.
func (t *Trainer) drawnMistakes(m *mistakes, part *dataset.Part) ([]plot.Mistake, error) {
	s, at := t.job.Schema, t.pictured()
	if at < 0 {
		return nil, nil
	}
	batch := s.NewBatch(1)
	var items []plot.Mistake
	for _, one := range m.list[:min(len(m.list), maxDrawn)] {
		if err := part.Fill(batch, []int{one.row}); err != nil {
			return nil, err
		}
		px := s.Inputs[at].Picture(batch, 0)
		items = append(items, plot.Mistake{
			Picture: plot.Pixels(px.Shape, px.Bytes), Name: filepath.Base(cmp.Or(part.Picture(at, one.row), part.Place(one.row))), Probability: one.p,
			Truth: m.task.Classes[one.truth], Predicted: m.task.Classes[one.predicted],
		})
	}
	return items, nil
}
