package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"

	"dnn/pkg/spec"
)

// StreamOptions adjust how a stream is read.
type StreamOptions struct {
	// Format is the key of a format that reads rows ("csv", "tsv", "jsonl"). Default: told by the name's ending, or else
	// the format of the training data. When it is that of the training data, its settings (delimiter, header) hold too.
	Format string
	// Delimiter is the one character between the fields of CSV. Default: as the format says.
	Delimiter string
	// WithTarget also reads the target and the weight, for evaluation. A row without a target is then an error.
	WithTarget bool
	// Root is the folder that the paths of pictures in a column are relative to. Default: that of the file of that name.
	Root string
	// Failed hears of the files of sequences that cannot be read, which are then left out. Default: each keeps its place as
	// a row that cannot be read.
	Failed func(name string, err error)
}

// Stream reads rows and encodes them as in training, in constant memory. Columns may stand in any order, and columns that
// are not needed are ignored.
type Stream struct {
	schema  *Schema
	enc     rowEncoder
	rec     records
	clean   *cleaner
	inputs  [][]int // the places in a row of the columns of each input
	targets []int
	weight  int
	end     error
	px      *pictures // instead of rec
	paths   picturePaths
	folder  bool      // rows are the pictures of a folder of classes
	steps   []*ragged // parallel to the inputs: the sequences of the rows of a batch; nil but for sequences
	tags    *ragged   // the answers to each of their steps; nil where there is one a row, and without targets
	count   int       // of pictures
	held    *held     // of rows that are encoded together with others; else nil
	places  []int32   // in held, of the rows of a batch
	unseen  unseen
	cut     Cut

	fields []string
	cells  []uint32
	lines  []int
	errs   []error
	rows   [][]string
	raw    []string
}

// Open begins to read a stream. name is the file's name, or what messages call it; its ending tells the format. Gzip is
// unpacked. All columns that are missing are named in one error; it wraps a *DelimiterError when the delimiter seems to be
// another one.
func (s *Schema) Open(r io.Reader, name string, o StreamOptions) (*Stream, error) {
	text, err := unpack(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if s.pictured() {
		b := bufio.NewReaderSize(text, readBuffer)
		text = b
		if !s.isIDX(b, name, o) {
			return s.openRows(text, name, o)
		}
		px, err := s.openPictures(text)
		if err == nil && o.WithTarget {
			err = errors.New("the labels of pictures lie in another file: evaluate the parts that the spec names")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return &Stream{schema: s, px: px}, nil
	}
	return s.openRows(text, name, o)
}

// isIDX reports whether a stream for a net with pictures is an IDX file, and not rows with the paths of pictures.
func (s *Schema) isIDX(b *bufio.Reader, name string, o StreamOptions) bool {
	if head, _ := b.Peek(2); string(head) == "\x00\x00" {
		return true
	}
	_, trained := s.Format.Format.(*IDX)
	return trained && o.Format == "" && o.Delimiter == "" && formatOfName(name) == ""
}

// openRows is Open for what holds rows.
func (s *Schema) openRows(text io.Reader, name string, o StreamOptions) (*Stream, error) {
	format, err := s.reader(name, o)
	if err != nil {
		return nil, err
	}
	rec, err := format.records(text, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if e, ok := rec.(interface{ expect(names []string) }); ok {
		e.expect(s.Columns())
	}
	if s.oneFile(rec) {
		rec = &oneSequence{records: rec, name: name}
	}
	st, err := s.newStream(rec, newCleaner(s.gapWords(format)), name, o)
	if err != nil {
		return nil, err
	}
	if s.arranged() {
		if st.held, err = s.hold(rec, st.clean, o.WithTarget); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		st.rec = st.held.records(rec)
	}
	return st, nil
}

// newStream makes a stream of records.
func (s *Schema) newStream(rec records, clean *cleaner, name string, o StreamOptions) (*Stream, error) {
	st := &Stream{
		schema: s, enc: s.rowEncoder(o.WithTarget), rec: rec, clean: clean, weight: -1,
		fields: make([]string, s.maxFields), cells: make([]uint32, s.cells),
	}
	for i := range s.Inputs {
		var r *ragged
		if s.Inputs[i].steps != nil {
			r = &ragged{}
		}
		st.steps = append(st.steps, r)
	}
	if o.WithTarget && s.Target.StepsOf != "" {
		st.tags = &ragged{}
	}
	if err := st.openPaths(name, o); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := st.find(o.WithTarget); err != nil {
		if other := otherIn(rec, nil); other != nil {
			err = other
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return st, nil
}

// reader chooses the format: as asked for, by the name, or as in training.
func (s *Schema) reader(name string, o StreamOptions) (recordFormat, error) {
	trained := ""
	if s.Format.Format != nil {
		trained = spec.KeyOf(s.Format.Format)
	}
	key := o.Format
	if key == "" {
		key = formatOfName(name)
	}
	if key == "" && o.Delimiter != "" {
		key = "csv"
	}
	if key == "" {
		key = trained
	}
	if _, rows := s.Format.Format.(recordFormat); key == trained && !rows { // the training data was pictures alone
		key = "csv"
	}
	format, err := newFormat(key)
	if err != nil {
		return nil, err
	}
	if key == trained {
		format = s.Format.Format
	} else if f := s.ofFiles(); f != nil {
		if _, rows := format.(recordFormat); rows {
			format = f.as(key)
		}
	}
	if o.Delimiter != "" {
		if format, err = delimitedBy(format, o.Delimiter); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	rf, ok := format.(recordFormat)
	if !ok {
		return nil, fmt.Errorf("%s: %s holds no rows that could be read one by one", name, key)
	}
	if h, ok := rf.(interface{ headerSetting() *Header }); ok && len(h.headerSetting().Names) > 0 {
		rf = reflect.New(reflect.TypeOf(rf).Elem()).Interface().(recordFormat)
		reflect.ValueOf(rf).Elem().Set(reflect.ValueOf(format).Elem()) // a copy: schemas are shared
		header := rf.(interface{ headerSetting() *Header }).headerSetting()
		header.inputs = s.Columns()
		header.others = s.others()
	}
	return rf, nil
}

// pictured reports whether an input is pictures, which lie in files of their own.
func (s *Schema) pictured() bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool { return in.fields == nil && in.steps == nil })
}

// others lists the columns that prediction does not need: targets and weight, unless they are inputs too.
func (s *Schema) others() []string {
	others := append(s.Target.sources(), s.timeColumns(false)...)
	if s.Weight != "" {
		others = append(others, s.Weight)
	}
	inputs := s.Columns()
	return slices.DeleteFunc(others, func(n string) bool { return slices.Contains(inputs, n) })
}

// gapWords are those of training, in whatever format rows come now.
func (s *Schema) gapWords(format recordFormat) []string {
	if rf, ok := s.Format.Format.(interface{ gaps() []string }); ok {
		return rf.gaps()
	}
	return format.gaps()
}

// find settles where the columns stand.
func (st *Stream) find(withTarget bool) error {
	header := st.rec.header()
	var missing, twice []string
	find := func(name string) int {
		at := slices.Index(header, name)
		if at < 0 && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
		if at >= 0 && slices.Contains(header[at+1:], name) && !slices.Contains(twice, name) {
			twice = append(twice, name)
		}
		return at
	}
	for _, in := range st.schema.Inputs {
		var at []int
		for _, c := range in.Columns {
			at = append(at, find(c))
		}
		st.inputs = append(st.inputs, at)
	}
	for _, name := range st.schema.timeColumns(true) {
		find(name)
	}
	if withTarget {
		for _, name := range st.schema.Target.sources() {
			st.targets = append(st.targets, find(name))
		}
		if st.schema.Weight != "" {
			st.weight = find(st.schema.Weight)
		}
	}
	switch {
	case len(missing) == 1:
		return errors.New(noColumn(header, missing[0]))
	case len(missing) > 1:
		return fmt.Errorf("columns are missing: %s; the columns are: %s", fewNames(missing), fewNames(header))
	case len(twice) > 0:
		return fmt.Errorf("columns stand twice: %s", fewNames(twice))
	}
	return nil
}

// Next fills the batch with the next rows, at most max. At the end it returns 0 and io.EOF. A row that cannot be read or
// encoded keeps its place, with zeros for its numbers and weight 0, and has its error in Errors.
func (st *Stream) Next(b *Batch, max int) (int, error) {
	st.lines, st.errs, st.rows, st.raw, st.places = st.lines[:0], st.errs[:0], st.rows[:0], st.raw[:0], st.places[:0]
	for _, r := range st.steps {
		r.empty()
	}
	st.tags.empty()
	st.schema.clear(b, 0, max)
	for len(st.lines) < max && st.end == nil {
		if st.px != nil {
			st.nextPicture(b)
			continue
		}
		fields, line, err := st.rec.next()
		bad, isRow := err.(*RowError)
		if err != nil && !isRow {
			st.end = err
			break
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
			r.end(bad == nil)
		}
		st.tags.end(bad == nil)
		st.schema.expandRow(st.cells, b, i, bad == nil)
	}
	b.Rows = len(st.lines)
	if b.Rows == 0 {
		return 0, st.end
	}
	st.expandSteps(b)
	if len(st.paths.inputs) > 0 {
		st.readPictures(b)
	}
	return b.Rows, nil
}

// nextPicture is one turn of Next for pictures, whose rows are counted from 1.
func (st *Stream) nextPicture(b *Batch) {
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
	if st.held != nil {
		st.places = append(st.places, st.held.rows[st.held.at].row)
	}
	if r, ok := st.rec.(interface{ raw() string }); ok {
		st.raw = append(st.raw, r.raw())
	}
}

// Header returns the names of the columns as they stand in the stream.
func (st *Stream) Header() []string {
	if st.rec == nil {
		return nil
	}
	return st.rec.header()
}

// Lines returns the line in which each row of the last Next begins. Like the results of the methods below it is valid
// until the next call of Next.
func (st *Stream) Lines() []int { return st.lines }

// Errors has for each row of the last Next nil or a *RowError.
func (st *Stream) Errors() []error { return st.errs }

// Records returns the fields of each row of the last Next as they were read (but for blanks before
// them), parallel to Header; fewer or more for a row
// whose number of fields is wrong, and none for a row that could not be read.
func (st *Stream) Records() [][]string { return st.rows }

// Raw returns the text of each row of the last Next for JSON Lines, so that it can be passed on as it was; nil for other
// formats.
func (st *Stream) Raw() []string {
	if len(st.raw) == 0 {
		return nil
	}
	return st.raw
}
