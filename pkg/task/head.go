// Package task describes what a net predicts. A net has one head or several, each for one target: a class, a number, a
// yes or no. The data side makes the heads, and losses, metrics and the command line read them; the package itself
// computes nothing.
package task

// Kind is the sort of thing that a head predicts. The zero Kind is that of a target which a mistake keeps from being known.
type Kind string

// The kinds of heads.
const (
	Number   Kind = "number"   // one or several numbers: regression
	Binary   Kind = "binary"   // yes or no
	Labels   Kind = "labels"   // any of several labels, each yes or no
	Category Kind = "category" // one of several classes
)

// Head is one thing that a net predicts.
type Head struct {
	Name    string   // of the target, by which the spec and the figures refer to it
	Kind    Kind     //
	Columns []string // of the target: one for each number or label, one for a class
	// Classes are those of a category in their order, the labels, or the negative and the positive word of a binary.
	Classes []string
	// Width is how many numbers the net puts out: numbers, labels or classes, 1 for a binary; 0 where it is not known.
	Width int
	// Axis is the sequence for each of whose steps there is a prediction; nil where a row has one.
	Axis *Axis
	// Separator is what stands between labels that a field of the data lists; "" of labels with a column each.
	Separator string
	Words     [][2]string // of a binary and of each label, what it says for no and for yes
	// Horizon is how many steps ahead a series is forecast, its columns being those steps, and Season after how many it
	// repeats itself; both are 0 of other targets, and Season where it is not known.
	Horizon, Season int
	// Threshold is the probability from which on a binary or a label is positive; 0 stands for one half.
	Threshold float64
	Scaling   Scaling // of numbers; nil where they are learned as they are
	Inferred  string  // why the kind was inferred, for mistakes that follow from that; "" where the spec says the kind
	Training  Training
}

// Axis is the sequence along which a head predicts.
type Axis struct {
	// Of is the input whose steps have a label each.
	Of string
	// Generated says that the input is the target itself, one step behind: the net puts out one step after the other, until the
	// last class, which ends the sequence where Ends.
	Generated, Ends bool
	// Aligned says that the input is the target itself, and that the net never sees it: the loss spreads its labels over the steps
	// that the net puts out, however many these are. The first class is the blank, which writes nothing.
	Aligned bool
	// Continues says that a row is a window over a text that goes on before and after it: it has no text of its own.
	Continues bool
	// Steps is the most that a row of the training split has.
	Steps int
}

// Scaling tells how the numbers of a head were normalized.
type Scaling interface {
	// Denormalize brings a number for a column, as the net puts it out, into the target's unit.
	Denormalize(column int, v float64) float64
	// Linear is the scale and shift that denormalize a column, or false where it is learned as a logarithm.
	Linear(column int) (scale, shift float64, ok bool)
}

// Training is what the training split says of a head. Where each step of a sequence has a label, that counts as a row.
type Training struct {
	Rows   float64   `json:",omitempty"` // (weighted) rows
	Counts []float64 `json:",omitempty"` // (weighted) rows of each class; of several labels, those in which each holds
	Means  []float64 `json:",omitempty"` // of numbers, in their unit: one for each column; none of series
	// NaiveErrors are, by season, the mean absolute errors of the seasonal naive forecast, one for each column in its unit.
	NaiveErrors map[int][]float64 `json:"-"`
}

// Because is what follows in a message after what the head predicts: why it was inferred, where it was.
func (h *Head) Because() string {
	if h.Inferred == "" {
		return ""
	}
	return " (" + h.Inferred + ")"
}

// Known reports whether it is known what the head predicts.
func (h *Head) Known() bool { return h.Kind != "" }

// Generated reports whether the head puts out a sequence of its own length, each step from those before.
func (h *Head) Generated() bool { return h.Axis != nil && h.Axis.Generated }

// Aligned reports whether the head's labels have a length of their own, and are spread over the steps that the net puts out.
func (h *Head) Aligned() bool { return h.Axis != nil && h.Axis.Aligned }

// Text reports whether the head puts out texts, whose length is not that of an input: one that is generated or aligned.
func (h *Head) Text() bool { return h.Generated() || h.Aligned() }

// Sequence reports whether the head predicts something for each step of a sequence.
func (h *Head) Sequence() bool { return h.Axis != nil }
