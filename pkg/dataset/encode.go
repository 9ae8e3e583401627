package dataset

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// encode makes the splits.
func (l *encoding) encode(d *Data, columns *resolved, parts map[string]selection) {
	stores := map[*table.Table]*store{}
	used := usedRows(parts)
	for _, name := range format.Splits {
		part, ok := parts[name]
		if !ok {
			continue
		}
		if stores[part.table] == nil {
			stores[part.table] = l.store(d.Schema, columns, part.table, used[part.table])
			l.encodeAll(d.Schema, stores[part.table], columns, parts, used[part.table])
		}
		made := &Part{Of: d.Schema, Cells: stores[part.table], Stored: rowList(part.rows)}
		switch name {
		case "train":
			d.Train = made
		case "validation":
			d.Validation = made
		case "test":
			d.Test = made
		}
	}
	l.release(d, stores)
}

// store makes the store of a table, whose used rows are encoded but for their cells.
func (l *encoding) store(s *Schema, columns *resolved, t *table.Table, used []bool) *store {
	st := newStore(t, s.CellCount)
	st.steps = l.steppers(s, columns, t, used)
	st.tags = l.tags(s, columns, t, used, st.steps)
	st.past = s.PastOf(t)
	for _, cs := range columns.in(t).inputs {
		st.pixels = append(st.pixels, image.Of(cs[0]))
	}
	return st
}

// encodeAll encodes the used rows of a table on several threads. Rows with mistakes are rare: when there is one, all rows that are
// not encoded yet are encoded one after the other, so that mistakes are noted in the order of the splits and of the file.
func (l *encoding) encodeAll(s *Schema, st *store, columns *resolved, parts map[string]selection, used []bool) {
	p := newPieces(used, st.width, l.needless(s, st.Table))
	var wait sync.WaitGroup
	for worker := range p.at {
		wait.Go(func() { p.encode(newColumnEncoder(s, st, columns.in(st.Table)), worker) })
	}
	wait.Wait()
	for _, name := range format.Splits {
		if part := parts[name]; p.failed && part.table == st.Table {
			l.encodeRows(s, st, columns, part.rows, used)
		}
	}
}

// encodeRows encodes those rows of a table that are left into its store. A field that cannot be encoded is a mistake.
func (l *encoding) encodeRows(s *Schema, st *store, columns *resolved, rows []int32, left []bool) {
	own := columns.in(st.Table)
	enc := s.NewRowEncoder(true)
	bad := func(row int32, path, name string, e *column.FieldError, because string) {
		text := e.Text + because
		if e.Encoding && (oddNames(st.Table) || l.mistakes.again(st.Table.File(row))) {
			return
		} else if e.Encoding {
			field, all := oddTexts(st.Table.Column(name), st.Table.Columns, rows, left, row)
			text = otherEncoding(field, all)
		}
		l.Mistake(path, fmt.Sprintf("column %q", name), st.Table.Place(row), fmt.Sprintf("column %q: %s", name, text))
	}
	fields := make([]string, s.MaxFields)
	for _, row := range rows {
		if !left[row] {
			continue
		}
		st.reserve(row)
		cells := st.row(row)
		for i := range s.Inputs {
			if s.Inputs[i].FieldEncoder == nil {
				continue
			}
			cs := own.inputs[i]
			for k, c := range cs {
				fields[k] = c.Field(row)
			}
			if e := enc.Input(i, fields[:len(cs)], cells); e != nil {
				bad(row, columns.inputs[i].path, cs[e.Field].Name, e, "")
			}
		}
		for k := range s.LabelColumns {
			_, ahead := s.LabelColumns[k].Reads()
			at, from := s.LabelColumns.Source(k), row+int32(ahead)
			if e := enc.Target(k, own.targets[at].Field(from), cells); e != nil {
				bad(from, columns.targets[at].path, own.targets[at].Name, e, s.Heads[s.LabelColumns[k].Head].Because())
			}
		}
		weight := ""
		if own.weight != nil {
			weight = own.weight.Field(row)
		}
		if e := enc.Weight(weight, cells); e != nil {
			bad(row, root+".weight", s.Weight, e, "")
		}
	}
}

// oddNames reports whether a name of a column is not UTF-8, of which the format told.
func oddNames(t *table.Table) bool {
	return slices.ContainsFunc(t.Columns, func(c *table.Column) bool { return !utf8.ValidString(c.Name) })
}

// oddText is how much text that is not UTF-8 tells its encoding.
const oddText = 16 << 10

// oddTexts is the field of a row that is not UTF-8, and all such fields of the rows that are left, up to oddText.
func oddTexts(of *table.Column, columns []*table.Column, rows []int32, left []bool, at int32) (field, all string) {
	var b strings.Builder
	for _, row := range rows {
		for _, c := range columns {
			if left[row] && c.IsText() && b.Len() < oddText && !utf8.ValidString(c.Field(row)) {
				b.WriteString(c.Field(row) + "\n")
			}
		}
	}
	return of.Field(at), b.String()
}

// pieces hands out the rows of a table that are to be encoded, as many at a time as a chunk of cells has. What was read of rows is
// forgotten when they are encoded, so that memory never holds a whole table twice, as fields and as cells.
type pieces struct {
	sync.Mutex
	left     []bool          // the rows that are to be encoded
	next     int32           // where the next piece begins
	at       []int32         // where the piece of each worker begins
	failed   bool            // a row cannot be encoded
	needless []*table.Column // whose fields are forgotten
	garbage  int             // bytes of these that may still be in memory,
	most     int             // and how many of them may be
}

// leastGarbage is how many bytes of forgotten fields are collected at once, at least.
const leastGarbage = 8 << 20

// newPieces has the garbage that reading left collected before cells of that width take as much memory.
func newPieces(left []bool, width int, needless []*table.Column) *pieces {
	bytes := table.Bytes(needless)
	p := &pieces{left: left, needless: needless, garbage: bytes + 4*width*len(left), most: max(leastGarbage, bytes/16)}
	p.at = make([]int32, min(runtime.GOMAXPROCS(0), 1+len(left)/chunkRows))
	return p
}

// encode encodes pieces until none is left, or a row cannot be encoded.
func (p *pieces) encode(e *columnEncoder, worker int) {
	for rows := p.take(worker, nil); len(rows) > 0; rows = p.take(worker, rows[:0]) {
		if e.reserve(rows[0]); !e.encode(rows) {
			p.Lock()
			p.failed = true
			p.Unlock()
			return
		}
		for _, row := range rows {
			p.left[row] = false
		}
	}
}

// take gives a worker, whose last piece is encoded, the rows of the next one; none where no row is left. The collector would let
// what is forgotten grow to the size of all that is in memory, so it is called more often.
func (p *pieces) take(worker int, rows []int32) []int32 {
	p.Lock()
	defer p.Unlock()
	for p.at[worker] = p.next; len(rows) == 0 && !p.failed && int(p.next) < len(p.left); {
		p.at[worker] = p.next
		to := min(p.next+chunkRows, int32(len(p.left)))
		for row := p.next; row < to; row++ {
			if p.left[row] {
				rows = append(rows, row)
			}
		}
		p.next = to
	}
	p.garbage += table.Forget(p.needless, slices.Min(p.at))
	if p.garbage > p.most {
		p.garbage = 0
		runtime.GC()
	}
	return rows
}
