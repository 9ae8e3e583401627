package data

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/plot"
	"dnn/internal/plot/canvas"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// sheetColumns is the number of images in a line of a page.
const sheetColumns = 8

// seen is an image as the net gets it, and what it is to be taken for.
type seen struct {
	truth string
	other string  // of the row it is mixed with
	share float32 // of truth
	low   float64 // of the numbers that the net gets
	high  float64
	sum   float64
	count int
}

// showing is what a page of images is made from.
type showing struct {
	job   *model.Job
	part  *dataset.Part
	in    *dataset.Input
	alone *dataset.Batch // of one row
	batch *dataset.Batch // of as many as in training, for rows that are mixed
	all   []seen
}

func (d *options) showImages(job *model.Job, part *dataset.Part) error {
	out, err := d.page(job)
	if err != nil {
		return err
	}
	inputs := job.Schema.Images()
	s := &showing{job: job, part: part, in: inputs[0], alone: job.Schema.NewBatch(1)}
	page := plot.Sheet{Columns: sheetColumns, Title: fmt.Sprintf("%s: %s split", job.Config.Name, d.split)}
	var rows []int
	if d.split == "train" && part.Augmented() {
		rows, err = s.guises(&page, d)
	} else {
		rows, err = s.plain(&page, d)
	}
	if err != nil {
		return err
	}
	if len(inputs) > 1 {
		page.Subtitle += fmt.Sprintf(" · the input %s, the first of %d with images", s.in.Name, len(inputs))
	}
	if err := plot.DrawSheet(out, page); err != nil {
		return exit.Written(err)
	}
	if d.json {
		return d.term.WriteJSON(s.result(d, out, rows))
	}
	s.tell(d, out, rows)
	return nil
}

// page settles the file's name, which must not lie where images are taken for data.
func (d *options) page(job *model.Job) (string, error) {
	out := d.out
	if out == "" {
		out = fmt.Sprintf("%s-%s.png", job.Config.Name, d.split)
	}
	if input.Within(out, job.Config.Dataset.Paths(job.Dir)) {
		return "", exit.Usagef("--out %s: lies in the data and would be read as part of it; name a file elsewhere", out)
	}
	if info, err := os.Stat(out); err == nil && info.IsDir() {
		return "", exit.Usagef("--out %s is a folder; name a file", out)
	}
	return out, nil
}

// plain puts images spread over the split on the page.
func (s *showing) plain(page *plot.Sheet, d *options) (rows []int, err error) {
	n := d.count(s.part, 5*sheetColumns)
	page.Subtitle = fmt.Sprintf("%s of %s, spread over the split", output.Count(n), output.Plural(s.part.Rows(), "row"))
	for i := range n {
		row := i * s.part.Rows() / n
		rows = append(rows, row)
		if err := s.part.Fill(s.alone, []int{row}); err != nil {
			return nil, err
		}
		s.add(page, s.alone, 0, false)
	}
	return rows, nil
}

// guises puts each image on the page as it is, and then as the epochs see it.
func (s *showing) guises(page *plot.Sheet, d *options) (rows []int, err error) {
	first := uint64(d.epoch - 1)
	page.Heads = []string{"original"}
	for k := range sheetColumns - 1 {
		page.Heads = append(page.Heads, fmt.Sprintf("epoch %d", d.epoch+k))
	}
	order := s.order(first)
	rows = slices.Clone(order[:d.count(s.part, 8)])
	page.Subtitle = fmt.Sprintf("the first %s of epoch %d, seed %d, with augmentation", output.Plural(len(rows), "row"), d.epoch, s.job.Config.Seed)
	columns := make([][]int, sheetColumns-1) // the order of the rows in each epoch
	for k := range columns {
		if s.job.Config.Dataset.Mixes() {
			columns[k] = slices.Clone(s.order(first + uint64(k)))
		}
	}
	for _, row := range rows {
		if err := s.part.Fill(s.alone, []int{row}); err != nil {
			return nil, err
		}
		s.add(page, s.alone, 0, false)
		for k, order := range columns {
			b, at, err := s.trained(row, order, first+uint64(k))
			if err != nil {
				return nil, err
			}
			s.add(page, b, at, order != nil)
		}
	}
	return rows, nil
}

// order is that of the rows in an epoch.
func (s *showing) order(epoch uint64) []int {
	n := s.part.Rows()
	if s.job.Config.Train.Shuffle {
		return dataset.Permutation(nil, n, s.job.Config.Seed, epoch)
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// trained fills a batch of training with a row, which is at place at of it. A row that is mixed needs its whole batch, which
// the order of the epoch tells; others need nobody.
func (s *showing) trained(row int, order []int, epoch uint64) (b *dataset.Batch, at int, err error) {
	seed := s.job.Config.Seed
	if order == nil {
		return s.alone, 0, s.part.FillTraining(s.alone, []int{row}, seed, epoch)
	}
	size := min(s.job.Config.Train.BatchSize, len(order))
	if s.batch == nil {
		s.batch = s.job.Schema.NewBatch(size)
	}
	at = slices.Index(order, row)
	from := at - at%size
	return s.batch, at % size, s.part.FillTraining(s.batch, order[from:min(from+size, len(order))], seed, epoch)
}

// add puts the image of row i of a batch on the page.
func (s *showing) add(page *plot.Sheet, b *dataset.Batch, i int, mixed bool) {
	schema := s.job.Schema
	one := seen{truth: labelText(s.job.Heads, b, i, false), share: 1, low: math.Inf(1), high: math.Inf(-1)}
	size := schema.Blocks[s.in.Block].Size()
	for _, v := range b.Floats[s.in.Block][i*size : (i+1)*size] {
		one.low, one.high = min(one.low, float64(v)), max(one.high, float64(v))
		one.sum += float64(v)
		one.count++
	}
	lines := []string{one.truth}
	if mixed && b.Share[i] < 1 {
		one.share, one.other = b.Share[i], labelText(s.job.Heads, b, i, true)
		switch {
		case one.share > 1-leastShare:
		case one.share < leastShare:
			lines = []string{one.other}
		default:
			lines = []string{shareText(one.share) + one.truth, shareText(1-one.share) + one.other}
		}
	}
	s.all = append(s.all, one)
	page.Items = append(page.Items, plot.SheetItem{Image: canvas.Pixels(s.in.Shape, s.in.Image(b, i).Bytes), Lines: lines})
}

// leastShare is the share below which a class of a mixture is not told.
const leastShare = 0.01

func shareText(share float32) string { return fmt.Sprintf("%.0f %% ", 100*share) }

// labelText is the label of row i of a batch in words, or that of the row that it is mixed with.
func labelText(heads []task.Head, b *dataset.Batch, i int, second bool) string {
	var words []string
	for k := range heads {
		labels := b.Labels(k)
		if second {
			labels.Floats, labels.Ints = labels.SecondFloats, labels.SecondInts
		}
		words = append(words, labelWords(&heads[k], labels, i)...)
	}
	return strings.Join(words, ", ")
}

// labelWords are those of one head.
func labelWords(h *task.Head, labels dataset.Labels, i int) (words []string) {
	switch {
	case h.Sequence(): // labels of the steps of another input say nothing of the image
		return nil
	case h.Kind == task.Category:
		return []string{h.Classes[labels.Ints[i]]}
	}
	for k, y := range labels.Floats[i*h.Width : (i+1)*h.Width] {
		switch {
		case h.Kind == task.Binary:
			words = append(words, h.Classes[int(y)])
		case h.Kind == task.Number && h.Scaling != nil:
			words = append(words, output.Figure(h.Scaling.Denormalize(k, float64(y))))
		case h.Kind == task.Number:
			words = append(words, output.Figure(float64(y)))
		case y == 1:
			words = append(words, h.Classes[k])
		}
	}
	return words
}

// tell prints what the numbers of the images are, and where the page lies.
func (s *showing) tell(d *options, page string, rows []int) {
	out := d.term.Out
	fmt.Fprintf(out, "%s: %s split, %s of %s\n\n", s.job.Config.Name, d.split, output.Count(len(rows)), output.Plural(s.part.Rows(), "row"))
	low, mean, high := s.span()
	t := output.Table{Head: []string{"input", "shape", "smallest", "mean", "largest"}, Left: 2}
	t.Add(output.Short(s.in.Name), output.Shape(s.in.Shape, 0), output.Figure(low), output.Figure(mean), output.Figure(high))
	t.Write(out, d.term.Bold)
	fmt.Fprintf(out, "\nsheet  %s\n", page)
}

// span is the range and the mean of the numbers that the net gets of the images on the page.
func (s *showing) span() (low, mean, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	n := 0
	for _, one := range s.all {
		low, high = min(low, one.low), max(high, one.high)
		mean, n = mean+one.sum, n+one.count
	}
	return low, mean / float64(max(1, n)), high
}

// pageResult is what "dnn data show --json" prints of images.
type pageResult struct {
	Name string `json:"name"`
	splitResult
	Page     string    `json:"page"`
	Input    string    `json:"input"`
	Shape    []int     `json:"shape"`
	Smallest float64   `json:"smallest"`
	Mean     float64   `json:"mean"`
	Largest  float64   `json:"largest"`
	Rows     []pageRow `json:"rows"`
}

// pageRow is a row with what it is to be taken for as it is, and in each epoch that is shown.
type pageRow struct {
	Place  string      `json:"place"`
	Label  string      `json:"label"`
	Truth  string      `json:"truth"` // the former name of label
	Epochs []pageEpoch `json:"epochs,omitempty"`
}

type pageEpoch struct {
	Epoch int     `json:"epoch"`
	Share float32 `json:"share"`
	Mixed string  `json:"mixed_with,omitempty"`
}

func (s *showing) result(d *options, page string, rows []int) *pageResult {
	r := &pageResult{Name: s.job.Config.Name, splitResult: newSplitResult(d.split, s.part.Rows()), Page: page, Input: s.in.Name, Shape: s.in.Shape}
	r.Smallest, r.Mean, r.Largest = s.span()
	each := len(s.all) / max(1, len(rows))
	for i, row := range rows {
		own := s.all[i*each : (i+1)*each]
		one := pageRow{Place: s.part.Place(row), Label: own[0].truth, Truth: own[0].truth}
		for k, guise := range own[1:] {
			one.Epochs = append(one.Epochs, pageEpoch{d.epoch + k, guise.share, guise.other})
		}
		r.Rows = append(r.Rows, one)
	}
	return r
}
