package stream

import (
	"math/bits"
	"time"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/record"
)

// Next fills the batch with the next rows, at most max, and fewer where sequences are very long or, with Prompt, no more
// rows are there: then 2, 4, 8 or another power of two, for each number of rows takes a program of its own. At the end it returns 0 and
// io.EOF. A row that cannot be read or encoded keeps its place, with zeros for its numbers and weight 0, and has its error in
// Errors.
func (st *Stream) Next(b *dataset.Batch, max int) (int, error) {
	if st.to == len(st.lines) {
		st.read(b, max)
	}
	st.from = st.to
	n := min(max, st.schema.Fit(st.steppers, len(st.lines)-st.from, st.place))
	if st.early {
		n = 1 << (bits.Len(uint(n)) - 1)
	}
	st.to += n
	if b.Rows = st.to - st.from; b.Rows == 0 {
		return 0, st.end
	}
	if st.px == nil {
		st.expand(b)
	}
	return b.Rows, nil
}

// read reads so many rows and encodes them, but for images in files. Those of an IDX file go right into the batch.
func (st *Stream) read(b *dataset.Batch, max int) {
	st.lines, st.errs, st.rows, st.raw, st.places, st.encoded = st.lines[:0], st.errs[:0], st.rows[:0], st.raw[:0], st.places[:0], st.encoded[:0]
	st.from, st.to, st.early = 0, 0, false
	for _, r := range st.steps {
		r.Empty()
	}
	st.tags.Empty()
	if st.px != nil {
		b.Clear(0, max)
	}
	for len(st.lines) < max && st.end == nil {
		if st.px != nil {
			st.nextImage(b)
			continue
		}
		if len(st.lines) == 1 && st.coming != nil {
			st.coming.Wait(record.RowsWait)
		}
		if st.early = len(st.lines) > 0 && st.waits(record.RowPause); st.early {
			break
		}
		fields, line, err := st.rec.Next()
		bad, isRow := err.(*record.RowError)
		if err != nil && !isRow {
			st.end = err
			break
		}
		if bad == nil && lacksTarget(st, fields, line) {
			continue
		}
		i := len(st.lines)
		st.keep(fields, line)
		clear(st.cells)
		if bad == nil {
			bad = st.encode(fields)
		}
		if bad != nil {
			bad.Line = line
			st.errs[i] = bad
			clear(st.cells)
		}
		for _, r := range st.steps {
			r.End(bad == nil)
		}
		st.tags.End(bad == nil)
		st.encoded = append(st.encoded, st.cells...)
	}
}

// waits reports whether the next row is not there and does not come before a pause.
func (st *Stream) waits(pause time.Duration) bool {
	return st.coming != nil && st.end == nil && (st.json == nil || len(st.json.Ahead) == 0) && !st.coming.Soon(pause)
}

// Waits reports, of a stream with Prompt, whether Next has to wait for rows.
func (st *Stream) Waits() bool { return st.to == len(st.lines) && st.waits(0) }

// place is where row i of the next batch is among those that were read.
func (r *readRows) place(i int) int32 { return int32(r.from + i) }

// expand writes the rows of the batch.
func (st *Stream) expand(b *dataset.Batch) {
	s := st.schema
	if !b.Fixed {
		s.Settle(b.Steps, st.steppers, b.Rows, st.place)
		b.Grow()
	}
	b.Clear(0, b.Rows)
	for i := range b.Rows {
		row := st.from + i
		b.ExpandRow(st.encoded[row*s.CellCount:(row+1)*s.CellCount], i, st.errs[row] == nil)
		for k, of := range st.steps {
			if of != nil {
				b.ExpandSteps(k, of.Of(int32(row)), i)
			}
		}
		if st.tags != nil {
			b.ExpandTags(st.tags.Of(int32(row)), i)
		}
	}
	st.fillTexts(b)
	if len(st.paths.inputs) > 0 {
		st.readImages(b)
	}
}

// fillTexts fills in what heads that write texts should write.
func (st *Stream) fillTexts(b *dataset.Batch) {
	for k := range b.Heads {
		texts := b.Heads[k].Texts
		if texts == nil || st.targets == nil {
			continue
		}
		place := st.targets[st.schema.LabelColumns.Source(st.schema.Heads[k].First)]
		for i := range b.Rows {
			if texts[i] = ""; st.errs[st.from+i] == nil {
				texts[i] = st.clean[place].Clean(st.rows[st.from+i][place])
			}
		}
	}
}

// nextImage is one turn of read for images, whose rows are counted from 1.
func (st *Stream) nextImage(b *dataset.Batch) {
	i := len(st.lines)
	if st.end = st.px.next(b, i); st.end == nil {
		st.count++
		st.lines, st.errs = append(st.lines, st.count), append(st.errs, nil)
	}
}

// keep notes the raw row, whose fields the reader will use again.
func (st *Stream) keep(fields []string, line int) {
	i := len(st.lines)
	st.lines = append(st.lines, line)
	st.errs = append(st.errs, nil)
	if i < cap(st.rows) {
		st.rows = st.rows[:i+1]
	} else {
		st.rows = append(st.rows, nil)
	}
	st.rows[i] = append(st.rows[i][:0], fields...)
	if st.Held != nil {
		st.places = append(st.places, st.Held.Rows[st.Held.at].row)
	}
	if r, ok := st.rec.(interface{ Raw() string }); ok {
		st.raw = append(st.raw, r.Raw())
	}
}

// Lines returns the line in which each row of the last Next begins. Like the results of the methods below it is valid
// until the next call of Next.
func (r *readRows) Lines() []int { return r.lines[r.from:r.to] }

// Errors has for each row of the last Next nil or a *RowError.
func (r *readRows) Errors() []error { return r.errs[r.from:r.to] }

// Records returns the fields of each row of the last Next as they were read (but for spaces before
// them), parallel to Header; fewer or more for a row
// whose number of fields is wrong, and none for a row that could not be read.
func (st *Stream) Records() [][]string {
	if st.px != nil {
		return nil
	}
	return st.rows[st.from:st.to]
}

// Raw returns the text of each row of the last Next for JSON Lines, so that it can be passed on as it was; nil for other
// formats.
func (r *readRows) Raw() []string {
	if len(r.raw) == 0 {
		return nil
	}
	return r.raw[r.from:r.to]
}
