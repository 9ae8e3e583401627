package stream

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
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
