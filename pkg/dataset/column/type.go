package column

import (
	"math"

	"dnn/internal/registry"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

// Encoder is a fitted input: plain data that goes as JSON into the model.
type Encoder interface {
	// Layout says what the input puts into a batch.
	Layout() layout
	// Valid says what is wrong with an encoder that was read from a file, for an input of so many columns. It comes before all else.
	Valid(columns int) error
}

// Layout is what one input puts into a batch for each row.
type layout struct {
	Shape      []int // of the input; the product is the number of values
	Own        bool  // a separate block, not columns of "features"
	Ints       bool  // whole numbers; always a separate block
	Vocabulary int   // whole numbers lie in [0, vocabulary)
	Sequence   bool  // the first axis is steps, of which a row has at most that many; always a separate block
}

// FieldEncoder is an Encoder that reads fields of text.
type FieldEncoder interface {
	Encoder
	// Cells is the number of cells of a row.
	Cells() int
	// Encode turns the fields of a row, trimmed and "" for a gap, into cells.
	Encode(fields []string, cells []uint32) error
	// Expand writes the numbers of a row from its cells into floats or ints, which hold zeros.
	Expand(cells []uint32, floats []float32, ints []int32)
}

// FieldError is an error of Encode about one field.
type FieldError struct {
	Field int
	Text  string

	Encoding bool // it is no UTF-8, as hardly any other field of the file will be
}

// Wrong says what is wrong with a field.
func Wrong(field int, text string) *FieldError { return &FieldError{Field: field, Text: text} }

func (e *FieldError) Error() string { return e.Text }

// Type is what `type:` of an input chooses: settings from which an Encoder is fitted.
type Type interface {
	// Drops reports whether rows with a gap are dropped.
	Drops() bool
	// Flat reports whether the input is floats in "features", as far as its settings say.
	Flat() bool
	// Fit learns from the training rows. It returns nil if it reported mistakes. Fields that cannot be read are
	// skipped: encoding reports them.
	Fit(f *Fitting, columns []*table.Column) Encoder
	// Encoder returns an empty encoder for JSON to fill, or nil if the type has none of its own.
	Encoder() Encoder
}

// TargetType is what `type:` of a target chooses.
type TargetType interface {
	Fit(f *Fitting, column *table.Column) TargetEncoder
	Encoder() TargetEncoder
}

// TargetEncoder is a fitted target column. Its cell holds a float32 for numbers and binaries, an index for categories.
type TargetEncoder interface {
	// Kind is "number", "binary" or "category", also for a label per step.
	Kind() string
	// Encode turns a field that is not a gap into its cell.
	Encode(field string) (uint32, error)
	// Valid says what is wrong with an encoder that was read from a file. It comes before all else.
	Valid() error
}

// Types and TargetTypes hold the types, by the word that `type:` takes.
var (
	Types       = registry.New[Type]("input type")
	TargetTypes = registry.New[TargetType]("target type")
)

func init() {
	spec.RegisterKinds(Types, spec.KindOptions{Absent: func(n *spec.Node) string {
		missing := ""
		if at := n.Get("missing"); at != nil {
			missing, _ = at.Scalar()
		}
		switch {
		case has(n, "window", "known", "ends", "files"):
			return "series"
		case has(n, "encode", "min_count", "max_categories"), missing == "category":
			return "category"
		case has(n, "tokenizer", "max_length", "vocabulary"):
			return "text"
		case has(n, "width", "height", "channels", "root"):
			return "image"
		case has(n, "normalize"), missing == "mean", missing == "median":
			return "number"
		case has(n, "positive", "negative"):
			return "binary"
		}
		return "auto"
	}})
	spec.RegisterKinds(TargetTypes, spec.KindOptions{Absent: func(n *spec.Node) string {
		switch {
		case has(n, "each", "separator"):
			return "tags"
		case has(n, "horizon", "season"):
			return "series"
		case has(n, "classes"):
			return "category"
		case has(n, "tokenizer", "max_length", "vocabulary"):
			return "text"
		case has(n, "normalize"):
			return "number"
		case has(n, "positive", "negative"):
			return "binary"
		}
		return "auto"
	}})
}

func has(n *spec.Node, keys ...string) bool {
	for _, k := range keys {
		if n.Get(k) != nil {
			return true
		}
	}
	return false
}

// Fitting is what a type learns from, and where it reports what it found.
type Fitting struct {
	Table    *table.Table     // that holds the training split
	Rows     []int32          // the training rows
	History  []int32          // and, if rows follow one another, the rows without a whole history
	Path     string           // of the input or target in the spec
	All      []InTable        // the columns in the tables of all splits
	Spec     Context          // what types need to know of the rest of the spec
	Findings *Findings        // notes and mistakes
	Shared   tokenizer.Fitted // the vocabulary of the first input of texts; nil for none
	Given    Given            // what other models learned of the columns

	known *knownNumbers // of the last column
}

// InTable are the columns of an input in the table of one or several splits; nil for those that are missing.
type InTable struct {
	Split   string // "train", "validation" or "test"; "path" for a table that is split
	Table   *table.Table
	Columns []*table.Column
}

// Context is what types need to know of the rest of the spec.
type Context struct {
	Named    bool     // the spec names the inputs
	Horizon  int      // steps to forecast; 0 if the target is not a series
	Long     bool     // all rows of an id make one row
	Keyed    bool     // rows are objects, whose keys may be missing
	Targets  []string // the target columns
	Heads    bool     // each has layers of its own
	Steps    bool     // each step of a row has a label
	Sharing  []string // the target columns that share the vocabulary of the first input of texts
	FreeText func(column string) bool
}

// Findings collects what fitting finds in all inputs and targets.
type Findings struct {
	Problems  *spec.Problems
	Notes     spec.Notes
	Constants []string        // columns that are the same in every row
	Warned    map[string]bool // columns with a warning
	Useless   []string        // columns all of whose words are rare
	Taken     []string        // columns that are encoded as in a model that was given
	Numbers   []InferredNumber
	Spreads   []Spread          // of targets of numbers
	Inferred  map[string]string // by the path of an input or target, what was inferred and why
}

// Problem reports a mistake at a key below the input or target, or at itself.
func (f *Fitting) Problem(key, format string, args ...any) {
	path := f.Path
	if key != "" {
		path += "." + key
	}
	f.Findings.Problems.Add(path, format, args...)
}

// Note notes what was inferred.
func (f *Fitting) Note(format string, args ...any) { f.Findings.Notes.Add(f.Path, format, args...) }

// Warn warns of something in the data.
func (f *Fitting) Warn(format string, args ...any) { f.Findings.Notes.Warn(f.Path, format, args...) }

// words counts the words of a column's training rows, and the gaps.
func (f *Fitting) words(c *table.Column) (counts map[string]int, gaps int) {
	return c.Count(f.Rows, math.MaxInt)
}

// holdsNumbers reports whether the training rows of a column have numbers or gaps only.
func holdsNumbers(f *Fitting, c *table.Column) bool {
	numbers, gaps := f.numbers(c)
	return len(numbers)+gaps == len(f.Rows)
}

// numbers returns the numbers of a column's training rows; other fields are skipped. They are valid until those of another column
// are asked for.
func (f *Fitting) numbers(c *table.Column) (numbers []float64, gaps int) {
	if f.known == nil {
		f.known = &knownNumbers{}
	}
	k := f.known
	if k.of == c {
		return k.numbers, k.gaps
	}
	if len(k.memory) < len(f.Rows) {
		k.memory = make([]float64, len(f.Rows))
	}
	k.of = c
	k.numbers, k.gaps = numbersOf(c, f.Rows, k.memory)
	return k.numbers, k.gaps
}

// ownNumbers is numbers for those who change their order.
func ownNumbers(f *Fitting, c *table.Column) (numbers []float64, gaps int) {
	defer func() { f.known.of = nil }()
	return f.numbers(c)
}

// knownNumbers are the numbers of the training rows of a column.
type knownNumbers struct {
	of      *table.Column
	memory  []float64
	numbers []float64
	gaps    int
}

// numbersOf writes the numbers of some rows into memory; other fields are skipped.
func numbersOf(c *table.Column, rows []int32, memory []float64) (numbers []float64, gaps int) {
	memory = memory[:len(rows)]
	gaps, words := c.Numbers(rows, memory)
	if gaps+words == 0 {
		return memory, 0
	}
	for _, x := range memory {
		if x == x {
			numbers = append(memory[:len(numbers)], x)
		}
	}
	return numbers, gaps
}

// needsFields reports a mistake for columns that hold images.
func (f *Fitting) needsFields(columns ...*table.Column) bool {
	for _, c := range columns {
		if !c.IsText() {
			f.Problem("", "column %q holds images, which only type: image reads", c.Name)
			return false
		}
	}
	return true
}

// Offered is the type of a target that the data offers.
func Offered(o table.Offer) TargetType {
	kind := spec.New[TargetType](o.Type)
	if c, ok := kind.(*CategoryTarget); ok {
		c.Classes = o.Classes
	}
	if !o.Tags {
		return kind
	}
	tags := spec.New[TargetType]("tags").(*TagsTarget)
	tags.Each, tags.Separator = kind, ""
	return tags
}

// A SequenceEncoder is a fitted input of sequences: rows that each have their own number of steps.
type SequenceEncoder interface {
	Encoder
	// StepCells is the number of cells of a step.
	StepCells() int
	// Unlimited reports whether only the training split limits the steps of a row.
	Limitless() bool
	// Longest is the length of the longest row of the training split if max_length allows longer rows; otherwise 0.
	LongestSteps() int
	// EncodeSteps appends the cells of all steps of a row.
	EncodeSteps(fields []string, cells []uint32) ([]uint32, error)
	// ExpandSteps writes the numbers of some steps from their cells into floats or ints, which hold zeros.
	ExpandSteps(cells []uint32, floats []float32, ints []int32)
}

// A StepTarget is the encoder of a target with a label for each step of an input.
type StepTarget interface {
	TargetEncoder
	// Each is the encoder of a single label.
	each() TargetEncoder
	// Split lists the labels in a field.
	Split(field string) []string
	// EncodeSteps appends the cell of each label.
	EncodeSteps(labels []string, cells []uint32) ([]uint32, error)
}

// Preparer is an encoder with tables that are made from its JSON.
type Preparer interface{ Prepare() }
