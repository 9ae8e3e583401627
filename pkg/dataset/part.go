package dataset

import (
	"math"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// Part is the rows of one split, kept as cells. Its methods may be called by several goroutines at once, each with a batch
// of its own.
type Part struct {
	Of     *Schema
	Cells  *store
	Stored rows // of the store, in the order of the file

	augment *augmenter // how images are changed in training; nil where they are not
}

// store is an encoded table. Splits that come from one table share it.
type store struct {
	width  int             // cells of a row
	chunks [][]uint32      // of chunkRows rows each, row-major; nil where no row is used
	pixels []*image.Pixels // parallel to the inputs; nil but for images
	steps  []Stepper       // parallel to the inputs; nil but for sequences
	past   *Past           // nil but for series to predict
	tags   *Ragged         // the labels of each step; nil if a row has one label
	Table  *table.Table
	place  func(row int32) string // names a row; nil: as the table does
	same   bool                   // all rows have the same cells, which are there once
	places []int32                // by row, where its cells are among those that are kept; nil where all are
}

// chunkRows is how many rows are encoded together, column by column: their cells stay in the cache of a core.
const chunkRows = 1024

// newStore makes a store without cells.
func newStore(t *table.Table, width int) *store {
	return &store{Table: t, width: width, chunks: make([][]uint32, (t.Rows+chunkRows-1)/chunkRows)}
}

// reserve makes the chunk of a row.
func (s *store) reserve(row int32) {
	if k := int(row / chunkRows); s.chunks[k] == nil {
		s.chunks[k] = make([]uint32, min(chunkRows, s.Table.Rows-k*chunkRows)*s.width)
	}
}

// row returns the cells of a row.
func (s *store) row(row int32) []uint32 {
	if s.same {
		return s.chunks[0]
	}
	if s.places != nil {
		row = s.places[row]
	}
	return s.chunks[row/chunkRows][int(row%chunkRows)*s.width:][:s.width]
}

// Rows is the number of rows.
func (p *Part) Rows() int { return p.Stored.n }

// Place names a row for messages: "adult.csv:17".
func (p *Part) Place(row int) string {
	if p.Cells.place != nil {
		return p.Cells.place(p.Stored.At(row))
	}
	return p.Cells.Table.Place(p.Stored.At(row))
}

// ID names the sequence that a row is made of, as the column of ids does; "" of rows that are made of one, and of sequences
// that have a file each, which their place names.
func (p *Part) ID(row int) string {
	t := p.Cells.Table
	if t.Long == nil || t.Whole {
		return ""
	}
	return t.Long.Steps.Time.Groups[p.Stored.At(row)]
}

// Image names the image of a row that an input reads, by its number in the schema: the file as its column has
// it, or "" where no column names files.
func (p *Part) Image(input, row int) string {
	px := p.Cells.pixels[input]
	if px == nil || px.Set == nil || !px.Set.Column {
		return ""
	}
	return px.Set.Files[p.Stored.At(row)].Name
}

// Fill gathers rows, given by their numbers in [0, Rows()), into a batch. It allocates nothing but for rows longer than those
// of the training split, and for images that are decoded when they are needed. Those may have vanished since they were looked
// through; that is the only error.
func (p *Part) Fill(b *Batch, rows []int) error {
	b.stored = b.stored[:0]
	for _, r := range rows {
		b.stored = append(b.stored, p.Stored.At(r))
	}
	return p.gather(b)
}

// FillTraining is Fill for a step of training: rows are changed at random as the spec asks for, each by what the seed, the
// epoch and its own number give, whatever else is in the batch.
func (p *Part) FillTraining(b *Batch, rows []int, seed, epoch uint64) error {
	if p.augment == nil {
		return p.Fill(b, rows)
	}
	return p.augment.fill(p, b, rows, seed, epoch)
}

// Ahead reports whether filling a batch of training takes so long that it is better done while the step before runs: for
// images that are changed or decoded, for tokens that lie in a file, and for rows of many columns.
func (p *Part) Ahead() bool {
	return slices.ContainsFunc(p.Cells.steps, filed) || p.augment != nil || isWide(p.Of) || slices.ContainsFunc(p.Cells.pixels, func(px *image.Pixels) bool { return px != nil && px.Source != nil })
}

// wideRow is how many numbers of a row take longer to write than to hand a batch from one thread to another.
const wideRow = 64

// isWide reports whether rows are of many columns, and of nothing else.
func isWide(s *Schema) bool {
	return len(s.Blocks) == 1 && s.Blocks[0].Name == featuresBlock && s.Blocks[0].Size() >= wideRow
}

// FillFrom is Fill for the rows from, from+1, … as many as there are, but at most n, and fewer where they are very long. It
// returns how many those were.
func (p *Part) FillFrom(b *Batch, from, n int) (int, error) {
	n = Fits(p, from, n)
	b.stored = b.stored[:0]
	for i := range n {
		b.stored = append(b.stored, p.Stored.At(from+i))
	}
	return n, p.gather(b)
}

// Fits is how many rows of a split FillFrom fills.
func Fits(p *Part, from, n int) int {
	n = max(0, min(n, p.Rows()-from))
	return p.Of.Fit(p.Cells.steps, n, func(i int) int32 { return p.Stored.At(from + i) })
}

// gather fills a batch with the rows of the store that it names.
func (p *Part) gather(b *Batch) error {
	b.Rows = len(b.stored)
	if !b.Fixed {
		p.Of.Settle(b.Steps, p.Cells.steps, b.Rows, func(i int) int32 { return b.stored[i] })
		b.Grow()
	}
	b.Clear(0, b.Rows)
	for i, row := range b.stored {
		b.expand(p.Cells.row(row), i)
	}
	for k, of := range p.Cells.steps {
		if of == nil {
			continue
		}
		for i, row := range b.stored {
			cells, err := of.Read(row, &b.reading)
			if err != nil {
				return err
			}
			b.ExpandSteps(k, cells, i)
		}
	}
	if p.Cells.tags != nil {
		for i, row := range b.stored {
			b.ExpandTags(p.Cells.tags.Of(row), i)
		}
	}
	fillTexts(p, b)
	for k, px := range p.Cells.pixels {
		if px == nil {
			continue
		}
		in := &p.Of.Inputs[k]
		if err := px.Fill(b.stored, &b.scratch, in.Encoder.(column.ImageEncoding), b.Floats[in.Block]); err != nil {
			return err
		}
	}
	return nil
}

// fillTexts fills in what heads that write texts should write.
func fillTexts(p *Part, b *Batch) {
	for k := range b.Heads {
		texts := b.Heads[k].Texts
		if texts == nil {
			continue
		}
		c := p.Cells.Table.Column(p.Of.LabelColumns[p.Of.Heads[k].First].Name)
		for i, row := range b.stored {
			if texts[i] = ""; c != nil {
				texts[i] = c.Field(row)
			}
		}
	}
}

// Clear zeroes rows of the blocks that encoders write into.
func (b *Batch) Clear(from, to int) {
	if b.Offset != nil {
		clear(b.Offset[from*b.schema.Heads[0].Width : to*b.schema.Heads[0].Width])
	}
	for i := range b.schema.Blocks {
		size := b.RowSize(i)
		if b.Floats[i] != nil {
			clear(b.Floats[i][from*size : to*size])
		} else if b.Ints[i] != nil {
			clear(b.Ints[i][from*size : to*size])
		}
	}
}

// expand writes the numbers of a row from its cells into row i of the batch, whose blocks hold zeros there.
func (b *Batch) expand(cells []uint32, i int) { b.ExpandRow(cells, i, true) }

// ExpandRow is expand; without inputs they stay zero.
func (b *Batch) ExpandRow(cells []uint32, i int, inputs bool) {
	if inputs {
		b.expandInputs(cells, i)
	}
	from, to := labelCells(b.schema)
	for k := range b.schema.Heads {
		h := &b.schema.Heads[k]
		if h.Axis != nil {
			continue
		}
		l, n := &b.Heads[k], len(h.Fitted)
		own := cells[from:to][h.First : h.First+n]
		if l.Ints != nil {
			l.Ints[i] = int32(own[0])
		}
		if l.Floats != nil {
			for j, c := range own {
				l.Floats[i*n+j] = math.Float32frombits(c)
			}
		}
	}
	if b.Weight != nil {
		b.Weight[i] = math.Float32frombits(cells[b.schema.CellCount-1])
	}
}

// expandInputs writes the numbers of all inputs with cells into row i.
func (b *Batch) expandInputs(cells []uint32, i int) {
	for _, d := range b.schema.expansion.direct {
		floats := b.Floats[d.block][i*b.sizes[d.block]+d.lo:][:d.n]
		for k, c := range cells[d.cell:][:d.n] {
			floats[k] = math.Float32frombits(c)
		}
	}
	for _, k := range b.schema.expansion.others {
		in := &b.schema.Inputs[k]
		e, size := in.FieldEncoder, b.sizes[in.Block]
		own := cells[in.Cell : in.Cell+e.Cells()]
		if b.schema.Blocks[in.Block].Ints {
			e.Expand(own, nil, b.Ints[in.Block][i*size+in.Lo:i*size+in.Hi])
		} else {
			e.Expand(own, b.Floats[in.Block][i*size+in.Lo:i*size+in.Hi], nil)
		}
	}
}

// weighs reports whether a row has a weight above 0.
func (p *Part) weighs() bool {
	at := p.Of.CellCount - 1
	for row := range p.Stored.All() {
		if math.Float32frombits(p.Cells.row(row)[at]) > 0 {
			return true
		}
	}
	return false
}

// LabelCounts are, by head, how many labels of each class the split has, or in how many each label holds; nil for numbers and
// for tokens.
// There is a label for each row, or for each step. For a single binary it counts no and yes, as the head's Classes name them.
func (p *Part) LabelCounts() (all [][]int) {
	for k := range p.Of.Heads {
		all = append(all, p.labelCounts(k))
	}
	return all
}

// labelMeans are the means of a head's numbers in their unit; nil for classes and series.
func labelMeans(p *Part, head int) []float64 {
	h := &p.Of.Heads[head]
	if h.Kind != task.Number || h.Horizon > 0 {
		return nil
	}
	sums, row, n := make([]float64, h.Width), make([]float32, h.Width), 0.0
	own := make([]float64, h.Width)
	p.eachLabel(head, func(cells []uint32) {
		n++
		for k, c := range cells {
			row[k] = math.Float32frombits(c)
		}
		h.Denormalized(own, row)
		for k, y := range own {
			sums[k] += y
		}
	})
	for k := range sums {
		sums[k] /= n
	}
	return sums
}

func (p *Part) labelCounts(head int) []int {
	h := &p.Of.Heads[head]
	if h.Kind == task.Number || h.Text() {
		return nil
	}
	counts, all := make([]int, h.Width), 0
	p.eachLabel(head, func(own []uint32) {
		all++
		if h.Kind == task.Category {
			counts[own[0]]++
			return
		}
		for k, c := range own {
			if math.Float32frombits(c) == 1 {
				counts[k]++
			}
		}
	})
	if h.Kind == task.Binary {
		return []int{all - counts[0], counts[0]}
	}
	return counts
}

// KeepRows forgets the cells of all rows of tables but some of these splits, for a process that reads no others. keep is asked for
// rows of a split by their numbers. What lies in other memory than cells is kept: sequences, images, labels of steps.
func KeepRows(splits map[*Part]func(row int) bool) {
	needed := map[*store][]bool{}
	for p, keep := range splits {
		s := p.Cells
		if s.same || s.places != nil || s.past != nil || slices.ContainsFunc(s.steps, func(of Stepper) bool { return of != nil }) {
			continue // cells of other rows may be read as well
		}
		if needed[s] == nil {
			needed[s] = make([]bool, s.Table.Rows)
		}
		for i := range p.Rows() {
			if keep(i) {
				needed[s][p.Stored.At(i)] = true
			}
		}
	}
	for s, rows := range needed {
		s.compact(rows)
	}
}

// compact moves the cells of the rows that are needed together.
func (s *store) compact(needed []bool) {
	places, chunks, n := make([]int32, len(needed)), [][]uint32{}, 0
	for row, keep := range needed {
		if !keep {
			continue
		}
		if n%chunkRows == 0 {
			chunks = append(chunks, make([]uint32, 0, chunkRows*s.width))
		}
		last := len(chunks) - 1
		chunks[last] = append(chunks[last], s.row(int32(row))...)
		places[row] = int32(n)
		n++
	}
	s.chunks, s.places = chunks, places
}
