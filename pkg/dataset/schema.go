package dataset

import (
	"encoding/json"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// Schema is everything that was settled and learned: what a batch carries and how fields become numbers. It goes as JSON
// into the model, and evaluation and prediction need nothing else of the dataset.
type Schema struct {
	Blocks   []Block
	Inputs   []Input
	Weight   string            // the column of sample weights
	Format   Reader            // how the training data was read
	Ordering *table.Ordering   // how its rows follow one another; nil where that is no matter
	Gaps     *table.NumberGaps // words that are gaps among numbers; nil in models of former versions, which knew none

	Heads        Heads        // what a net for the data predicts
	LabelColumns LabelColumns // those of all heads
	Tagged       []int        // the label columns with a label for each step
	CellCount    int          // of a row: those of the inputs, then of the label columns, then the weight
	MaxFields    int
	expansion    expansion
	*Lengths
}

// Block is one buffer of a batch: rows times Shape numbers, row-major.
type Block struct {
	Name  string `json:"name"`
	Ints  bool   `json:"ints,omitempty"` // int32, else float32
	Shape []int  `json:"shape"`          // of one row; empty for one number
	// Sequence says that rows differ in their number of steps, along the first axis; Shape has the largest.
	Sequence bool `json:"sequence,omitempty"`
}

// Size is the count of numbers of a row.
func (b *Block) Size() int { return image.Volume(b.Shape) }

// Input is one named input: the range [Lo, Hi) of a block's columns.
type Input struct {
	Name       string
	Block      int
	Lo, Hi     int
	Shape      []int    // of one row
	Vocabulary int      // of whole numbers, which lie in [0, Vocabulary)
	Columns    []string // the columns it reads, in their order
	Encoder    column.Encoder
	Inferred   string // why its type was inferred, for mistakes that follow from that; "" where there is nothing to say

	Cell         int                    // its first cell
	FieldEncoder column.FieldEncoder    // Encoder, when it reads fields into cells of a fixed number
	StepEncoder  column.SequenceEncoder // Encoder, when it reads sequences
	Head         int                    // that it is the prefix or the labels of; -1 of other inputs
}

// expansion is how the cells of a row become numbers of blocks.
type expansion struct {
	direct []directCells // the floats of inputs that are their cells
	others []int         // the other inputs with cells
}

// directCells are n cells that are the floats from Lo on in a block.
type directCells struct{ cell, block, lo, n int }

// add adds an input.
func (e *expansion) add(i int, in *Input) {
	if d, ok := in.Encoder.(column.Direct); !ok || !d.CellsAreFloats() {
		e.others = append(e.others, i)
		return
	}
	n := in.Hi - in.Lo
	if last := len(e.direct) - 1; last >= 0 {
		if d := &e.direct[last]; d.block == in.Block && d.lo+d.n == in.Lo && d.cell+d.n == in.Cell {
			d.n += n
			return
		}
	}
	e.direct = append(e.direct, directCells{in.Cell, in.Block, in.Lo, n})
}

// featuresBlock is the name of the block of all float columns.
const featuresBlock = "features"

// assemble settles blocks and ranges from the inputs' names, columns and encoders.
func (s *Schema) assemble() {
	s.Blocks = nil
	width, features := 0, -1
	for i := range s.Inputs {
		if l := s.Inputs[i].Encoder.Layout(); !l.Own {
			if features < 0 {
				features = len(s.Blocks)
				s.Blocks = append(s.Blocks, Block{Name: featuresBlock})
			}
			in, n := &s.Inputs[i], image.Volume(l.Shape)
			in.Block, in.Lo, in.Hi, in.Shape = features, width, width+n, l.Shape
			width += n
		}
	}
	if features >= 0 {
		s.Blocks[features].Shape = []int{width}
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		if l := in.Encoder.Layout(); l.Own {
			shape := append([]int{}, l.Shape...)
			in.Block, in.Lo, in.Hi, in.Shape, in.Vocabulary = len(s.Blocks), 0, image.Volume(shape), shape, l.Vocabulary
			s.Blocks = append(s.Blocks, Block{Name: in.Name, Ints: l.Ints, Shape: shape, Sequence: l.Sequence})
		}
	}
	s.Prepare()
}

// Prepare settles what is not in the JSON.
func (s *Schema) Prepare() {
	s.CellCount, s.MaxFields, s.expansion = 0, 0, expansion{}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		in.Cell = s.CellCount
		if in.FieldEncoder, _ = in.Encoder.(column.FieldEncoder); in.FieldEncoder != nil {
			s.CellCount += in.FieldEncoder.Cells()
			s.MaxFields = max(s.MaxFields, len(in.Columns))
			s.expansion.add(i, in)
		}
		if in.StepEncoder, _ = in.Encoder.(column.SequenceEncoder); in.StepEncoder != nil {
			s.MaxFields = max(s.MaxFields, len(in.Columns))
		}
	}
	s.Lengths = newLengths(s.Blocks, s.Inputs)
	for i := range s.Inputs {
		in := &s.Inputs[i]
		in.Head = slices.IndexFunc(s.Heads, func(h Head) bool { return h.Text() && h.Axis.Of == in.Name })
	}
	s.Heads = s.Heads.withAxes(s)
	s.LabelColumns, s.Tagged = labelColumns(s.Heads)
	s.CellCount += len(s.LabelColumns) + 1
}

// Chunkable returns a schema in which all inputs of sequences are blocks of sequences, also those whose rows all have the same
// number of steps, so that they can be cut into chunks; and their names.
func (s *Schema) Chunkable() (other *Schema, names []string) {
	own := *s
	own.Inputs = slices.Clone(s.Inputs)
	for i := range own.Inputs {
		in := &own.Inputs[i]
		if e, ok := in.Encoder.(column.Lengths); ok {
			in.Encoder = e.Uneven()
		}
		if _, ok := in.Encoder.(column.SequenceEncoder); ok {
			names = append(names, in.Name)
		}
	}
	own.assemble()
	return &own, names
}

// Input returns the input of that name, or nil.
func (s *Schema) Input(name string) *Input {
	for i := range s.Inputs {
		if s.Inputs[i].Name == name {
			return &s.Inputs[i]
		}
	}
	return nil
}

// Columns lists every column of the data that the inputs read, each once; not those that are made of others.
func (s *Schema) Columns() []string {
	var names []string
	seen := map[string]bool{}
	how := s.Order()
	for _, made := range how.Made() {
		seen[made] = true
	}
	for _, in := range s.Inputs {
		for _, c := range in.Columns {
			if !seen[c] && in.Head < 0 {
				seen[c] = true
				names = append(names, c)
			}
		}
	}
	return names
}

// Reader is a format's settings without its files, as JSON keeps them.
type Reader struct {
	Format format.Format
}

// MarshalJSON writes {"type": "csv", …settings}.
func (r Reader) MarshalJSON() ([]byte, error) {
	if r.Format == nil {
		return []byte("null"), nil
	}
	return column.MarshalTyped(column.KeyOfEncoder(format.Formats, r.Format, func(f format.Format) any { return f }), r.Format)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Reader) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	key, err := column.TypeOf(data)
	if err != nil {
		return err
	}
	f, err := format.New(key)
	if err != nil {
		return err
	}
	r.Format = f
	return json.Unmarshal(data, r.Format)
}
