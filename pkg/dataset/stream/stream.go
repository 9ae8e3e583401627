package stream

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/npy"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Options adjust how a stream is read.
type Options struct {
	// Format is the key of a format that reads rows ("csv", "tsv", "jsonl"). Default: by the extension of the name, or else
	// the format of the training data. When it is that of the training data, its settings (delimiter, header) hold too.
	Format string
	// Delimiter is the one character between the fields of CSV. Default: as the format says.
	Delimiter string
	// WithTarget also reads the target and the weight, for evaluation. Rows without a target are then left out.
	WithTarget bool
	// Root is the folder that the paths of images in a column are relative to. Default: that of the file of that name.
	Root string
	// Failed hears of the files of sequences that cannot be read, which are then left out. Default: each keeps its place as
	// a row that cannot be read.
	Failed func(name string, err error)
	// Prompt makes Next return the rows that are there when no more come for some milliseconds. Close must be called.
	Prompt bool
	// File is what is read, if it is a file: formats such as Parquet begin at its end.
	File  *os.File
	Ahead int // how many steps after the last row need the calendar
}

// Stream reads rows and encodes them as in training, in constant memory. Columns may come in any order, and columns that
// are not needed are ignored.
type Stream struct {
	schema *dataset.Schema
	enc    dataset.RowEncoder
	rec    record.Reader
	words  *table.Cleaner
	px     *pictures // instead of rec
	end    error
	Held   *held    // of rows that are encoded together with others; else nil
	count  int      // of images
	cells  []uint32 // of the row that is being read
	fields []string
	columnPlaces
	arrival
	sources
	sequences
	readRows
}

// columnPlaces is where the columns are in a row.
type columnPlaces struct {
	clean   []table.FieldCleaner // by column
	inputs  [][]int              // of each input
	numbers []column.Numbering   // of each input; nil for those whose fields are all read as text
	number  [1]float64           // that is being encoded
	worded  []int                // the inputs of words
	targets []int
	weight  int

	unweighted bool // rows to be scored lack the weight
	respelled  []Respelled
	untargeted untargeted
}

// arrival reads rows that are needed as they arrive.
type arrival struct {
	coming *record.PromptReader // what is read
	json   *record.JSONLines    // what it is read as, or what that is made from, for JSON Lines
	reader record.Reader        // of what is read
	later  *record.Later        // the text of what is read; nil for none
	early  bool                 // the rows that were read are fewer than were asked for, as no more were there
}

// sources is where files lie that rows name.
type sources struct {
	paths  imagePaths
	files  *column.SeriesFiles // how series are read whose paths are in a column; nil: as in training
	folder bool                // rows are the images of a folder of classes
}

// sequences are those of the rows that were read.
type sequences struct {
	steps    []*dataset.Ragged // parallel to the inputs; nil but for sequences
	steppers []dataset.Stepper // steps once more, for what takes any stepper
	tags     *dataset.Ragged   // the labels of each of their steps; nil where there is one a row, and without targets
}

// readRows is what is known of the rows that were read; those of the last batch are from, from+1, … below to.
type readRows struct {
	encoded  []uint32
	lines    []int
	errs     []error
	rows     [][]string
	raw      []string
	places   []int32 // in Held
	from, to int
	unseen   unseen
	cut      dataset.Cut
}

// errContinues is the mistake of rows for a model that takes texts as a whole.
var errContinues = errors.New("the model continues texts and reads no rows: dnn eval --data FILE scores a text, dnn generate writes one")

// Open begins to read a stream. name is the file's name, or what messages call it; its extension gives the format. Gzip is
// unpacked. All columns that are missing are named in one error; it wraps a *DelimiterError when the delimiter seems to be
// another one.
func Open(s *dataset.Schema, r io.Reader, name string, o Options) (*Stream, error) {
	if dataset.ContinuesText(s) {
		return nil, errContinues
	}
	text, err := record.Unpack(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if pictured(s) {
		b := bufio.NewReaderSize(text, record.ReadBuffer)
		text = b
		var px *pictures
		switch {
		case isIDX(s, b, name, o):
			px, err = openArray(s, text)
		case isNumPy(s, b, o):
			px, err = openNumPy(s, text, o)
		default:
			return openRows(s, text, name, o)
		}
		if err == nil && o.WithTarget {
			err = errors.New("the labels of images are in another file: evaluate the splits that the spec names")
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return &Stream{schema: s, px: px}, nil
	}
	return openRows(s, text, name, o)
}

// isIDX reports whether a stream for a net with images is an IDX file, and not rows with the paths of images.
func isIDX(s *dataset.Schema, b *bufio.Reader, name string, o Options) bool {
	if head, _ := b.Peek(2); string(head) == "\x00\x00" {
		return true
	}
	_, trained := s.Format.Format.(format.Arrays)
	return trained && o.Format == "" && o.Delimiter == "" && format.OfName(name) == ""
}

// isNumPy reports whether a stream for a net with images alone is an array of NumPy.
func isNumPy(s *dataset.Schema, b *bufio.Reader, o Options) bool {
	head, _ := b.Peek(len(npy.Magic))
	return len(s.Inputs) == 1 && npy.IsArray(string(head)) && (o.Format == "" || o.Format == "npy")
}

// openRows is Open for what holds rows.
func openRows(s *dataset.Schema, text io.Reader, name string, o Options) (*Stream, error) {
	form, err := readerOf(s, name, o)
	if err != nil {
		return nil, err
	}
	var coming *record.PromptReader
	later := format.DecodedLater(form, text)
	text = later
	if o.Prompt && !s.Arranged() {
		lines, quotes := record.Lines{}, false
		if l, ok := form.(format.Lined); ok {
			lines, quotes = l.LineSettings()
		}
		coming = record.NewPromptReader(text, quotes, lines.Comment)
		text = coming
	}
	rec, err := recordsOf(form, text, name, o)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if e, ok := rec.(interface{ Expect(names []string) }); ok {
		e.Expect(s.Columns())
	}
	read := rec
	json, _ := rec.(*record.JSONLines)
	if oneFile(s, rec) {
		rec = &oneSequence{Reader: rec, name: name}
	}
	st, err := newStream(s, rec, table.NewCleaner(gapWords(s, form)), name, o)
	if err != nil {
		return nil, err
	}
	st.json, st.coming, st.reader, st.later = json, coming, read, later
	if s.Arranged() {
		if !o.WithTarget {
			o.Ahead = max(o.Ahead, beyond(s))
		}
		if st.Held, err = hold(s, rec, st.words, o.WithTarget, o.Ahead); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		st.rec = st.Held.records(rec)
	}
	return st, nil
}

// recordsOf begins to read rows, of a file at any place if the format can.
func recordsOf(form format.RowFormat, text io.Reader, name string, o Options) (record.Reader, error) {
	if at, ok := form.(format.Indexed); ok && o.File != nil {
		if info, err := o.File.Stat(); err == nil && info.Mode().IsRegular() {
			return at.RecordsAt(o.File, info.Size())
		}
	}
	return form.Records(text, name)
}

// newStream makes a stream of records.
func newStream(s *dataset.Schema, rec record.Reader, clean *table.Cleaner, name string, o Options) (*Stream, error) {
	st := &Stream{
		schema: s, enc: s.NewRowEncoder(o.WithTarget), rec: rec, words: clean, columnPlaces: columnPlaces{weight: -1},
		fields: make([]string, s.MaxFields), cells: make([]uint32, s.CellCount),
	}
	for i := range s.Inputs {
		var r *dataset.Ragged
		var of dataset.Stepper
		if s.Inputs[i].StepEncoder != nil {
			r = &dataset.Ragged{}
			of = r
		}
		st.steps, st.steppers = append(st.steps, r), append(st.steppers, of)
	}
	if o.WithTarget && s.Heads.StepsOf() != "" {
		st.tags = &dataset.Ragged{}
	}
	if err := st.openPaths(name, o); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := st.find(o.WithTarget); err != nil {
		if other := record.DelimiterHint(rec, nil); other != nil {
			err = other
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return st, nil
}

// reader chooses the format: as asked for, by the name, or as in training.
func readerOf(s *dataset.Schema, name string, o Options) (format.RowFormat, error) {
	trained := ""
	if s.Format.Format != nil {
		trained = spec.KeyOf(s.Format.Format)
	}
	key := o.Format
	if key == "" {
		key = format.OfName(name)
	}
	if key == "" && o.Delimiter != "" {
		key = "csv"
	}
	if key == "" {
		key = trained
	}
	if _, rows := s.Format.Format.(format.RowFormat); key == trained && !rows { // the training data was images alone
		key = "csv"
	}
	form, err := format.New(key)
	if err != nil {
		return nil, err
	}
	if key == trained {
		form = s.Format.Format
	} else if f := sequenceFiles(s); f != nil {
		if _, rows := form.(format.RowFormat); rows {
			form = f.As(key)
		}
	}
	if o.Delimiter != "" {
		if form, err = format.WithDelimiter(form, o.Delimiter); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	rf, ok := form.(format.RowFormat)
	if !ok {
		return nil, fmt.Errorf("%s: %s has no rows to read one by one", name, key)
	}
	if h, ok := rf.(format.Headed); ok && len(h.HeaderSetting().Names) > 0 {
		rf = h.WithHeader(h.HeaderSetting().ForStream(s.Columns(), othersOf(s)))
	}
	if h, ok := rf.(format.Headed); ok && !o.WithTarget && !s.Arranged() && sequenceFiles(s) == nil {
		rf = h.WithHeader(h.HeaderSetting().WithEmptyRows())
	}
	return rf, nil
}

// pictured reports whether an input is images, which lie in files of their own.
func pictured(s *dataset.Schema) bool {
	return slices.ContainsFunc(s.Inputs, func(in dataset.Input) bool { return in.FieldEncoder == nil && in.StepEncoder == nil })
}

// others lists the columns that prediction does not need: targets and weight, unless they are inputs too.
func othersOf(s *dataset.Schema) []string {
	others := append(s.LabelColumns.Sources(), s.TimeColumns(false)...)
	if s.Weight != "" {
		others = append(others, s.Weight)
	}
	inputs := s.Columns()
	return slices.DeleteFunc(others, func(n string) bool { return slices.Contains(inputs, n) })
}

// gapWords are those of training, in whatever format rows come now.
func gapWords(s *dataset.Schema, form format.RowFormat) []string {
	if rf, ok := s.Format.Format.(interface{ GapWords() []string }); ok {
		return rf.GapWords()
	}
	return form.GapWords()
}

// find looks up where the columns are.
func (st *Stream) find(withTarget bool) error {
	header := st.rec.Header()
	cleaner, places := dataset.CleanersFor(st.schema, st.words), make(map[string][]int, len(header))
	for i, name := range header {
		st.clean, places[name] = append(st.clean, cleaner(name)), append(places[name], i)
	}
	how := st.schema.Order()
	made := how.Made()
	var missing, twice []string
	told := map[string]bool{}
	find := func(name string) int {
		at := places[name]
		switch again := told[name]; {
		case slices.Contains(made, name):
			return -1
		case len(at) == 0 && !again:
			missing = append(missing, name)
		case len(at) > 1 && !again:
			twice = append(twice, name)
		}
		if told[name] = true; len(at) == 0 {
			return -1
		}
		return at[0]
	}
	for _, in := range st.schema.Inputs {
		var at []int
		for _, c := range in.Columns {
			if in.Head < 0 || withTarget {
				at = append(at, find(c))
			}
		}
		st.inputs = append(st.inputs, at)
		n, _ := in.FieldEncoder.(column.Numbering)
		st.numbers = append(st.numbers, n)
		if _, ok := in.FieldEncoder.(column.Vocabulary); ok {
			st.worded = append(st.worded, len(st.inputs)-1)
		}
	}
	for _, name := range st.schema.TimeColumns(true) {
		find(name)
	}
	if withTarget {
		for _, name := range st.schema.LabelColumns.Sources() {
			st.targets = append(st.targets, find(name))
		}
		if st.schema.Weight != "" {
			st.weight = slices.Index(header, st.schema.Weight)
			st.unweighted = st.weight < 0
			if !st.unweighted {
				find(st.schema.Weight) // it may be there twice
			}
		}
	}
	switch {
	case len(missing) == 1:
		return errors.New(record.NoColumn(header, missing[0]))
	case len(missing) > 1:
		return fmt.Errorf("columns are missing: %s; the columns are: %s%s", phrase.List(missing), phrase.List(header), record.NamesEncoding(header))
	case len(twice) > 0:
		return fmt.Errorf("duplicate columns: %s", phrase.List(twice))
	}
	return nil
}

// Header returns the names of the columns as they are in the stream.
func (st *Stream) Header() []string {
	if st.rec == nil {
		return nil
	}
	return st.rec.Header()
}

// Unweighted reports whether rows that are scored have no weight, though those of training had one: each counts as 1.
func (c *columnPlaces) Unweighted() bool { return c.unweighted }

// Repeats returns how many rows so far repeated the header line and were left out, and the line of the first one.
func (a *arrival) Repeats() (rows, first int) { return record.RepeatsOf(a.reader) }

// UTF8 returns the encoding of the training's data where the rows so far are in UTF-8 all the same; else "".
func (a *arrival) UTF8() string {
	if a.later == nil || !a.later.UTF8() {
		return ""
	}
	return a.later.Encoding
}

// Cut returns what was cut of the rows so far.
func (r *readRows) Cut() dataset.Cut { return r.cut }
