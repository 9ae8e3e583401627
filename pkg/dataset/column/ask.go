package column

import (
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
)

// What only some types and encoders can do is asked through these small interfaces, never by their Go types.

// Of types, as a spec chooses them:
type (
	// Temporal is a type of input whose numbers follow one another in time.
	Temporal interface {
		// Timed reports whether the input of a row is made of rows that follow one another.
		Timed() bool
		// Back is how many rows before its own the input of a row reaches; 0 without a window.
		Back(facts *Context, columns []string) int
		// History reports whether the input ends before its row, so that it may hold the target's column.
		History(horizon int) bool
		// Recentring is how windows are shifted: "auto", "mean" or "last"; "" for not at all.
		Recentring() string
	}

	// Stepwise is a type of target with a label for each step of an input.
	Stepwise interface {
		// StepsOf names the input, or "" if the spec does not. Each is the type of a single label.
		StepsOf() string
		EachStep() TargetType
	}

	// Forecaster is a type of target that is the next values of a column.
	Forecaster interface{ StepsAhead() int }

	// Generating is a type of target that the net writes step by step, each from those before.
	Generating interface {
		// Prefixed is the type of the input that holds the steps so far.
		Prefixed() Type
		// Shares reports whether its vocabulary is that of an input.
		Shares() bool
		// Align makes it one whose labels are spread over the steps that the net puts out, and AlignsLabels reports whether it is.
		Align()
		AlignsLabels() bool
	}

	// Classed is a type of target, or its encoder, with classes. Those of a type may be unknown before it is fitted.
	Classed interface{ ClassNames() []string }

	// Labeled is a type of target of which any number of labels may hold; those that the spec lists.
	Labeled interface{ Labels() []string }

	// Numeric is a type of input or target whose fields are numbers, or may be: those whose type is inferred.
	Numeric interface{ Numbers() (always bool) }

	// Listing is a type of input of which a field may list several numbers, with spaces between them.
	Listing interface{ Lists() }

	// Wordy is a type of input or target whose fields are words, or may be. Well-known gap words are gaps among them, but not those
	// that the spec itself spells out.
	Wordy interface{ Spelled() []string }

	// FreeText is a type of input, or its encoder, whose fields are free text, not words.
	FreeText interface{ KeepsGapWords() bool }
)

// Where the steps of a series are.
type Where int

const (
	InColumns Where = iota // a column is a step
	InField                // a field holds all steps
	InWindow               // steps are rows around the row itself
	InID                   // steps are all rows of an id
)

// Rows reports whether the steps are several rows.
func (w Where) Rows() bool { return w == InWindow || w == InID }

// Of encoders of inputs:
type (
	// ImageEncoding turns the bytes of images into numbers and back.
	ImageEncoding interface {
		Encoder
		// ImageShape is [height, width, channels], or the shape of an array.
		ImageShape() []int
		// Decoding says how image files are converted to that shape.
		Decoding() image.Settings
		Fill(pix []byte, floats []float32)
		// Normalize does what Fill does for values that are no longer bytes.
		Normalize(dst, src []float32)
		// Raw is an encoder of the same shape that leaves values from 0 to 255.
		Raw() ImageEncoding
		// Byte is the byte that value k of an image came from.
		Byte(k int, v float32) byte
	}

	// Tokenizing splits texts into tokens.
	Tokenizing interface {
		Places(field string) []tokenizer.Place
		// KeepsEnd reports whether a text that is too long loses its first tokens.
		KeepsEnd() bool
	}

	// Sharing is an encoder of texts whose tokens may be those of the targets.
	Sharing interface{ SharesTokens() bool }

	// RowSteps says where the steps of a series are.
	RowSteps interface {
		// Window is the rows that make up the input of a row, counted from it; ok is false without a window.
		Window() (offset, steps int, ok bool)
		Where() Where
		// Fields are the fields that make up the series of a row, step by step.
		Fields(t *table.Table, columns []string, row int32) []string
	}

	// Lengths says how many steps an encoder of sequences takes.
	Lengths interface {
		// Bounds returns the most steps that a row can have, and whether all rows of the data have that many, and so
		// need no lengths.
		Bounds() (most int, even bool)
		// Uneven is the same encoder with lengths.
		Uneven() Encoder
	}

	// Channeled is a series of several channels.
	Channeled interface {
		ChannelName(name string, columns []string, k int) string
		// Cell encodes a number of a channel, NaN for a gap.
		Cell(channel int, x float64) (uint32, error)
		ChannelScale(channel int) *Scaling
		StepNames(name string, columns []string, steps int) []string
	}

	// Recentred is an encoder of windows that may be shifted by an offset of their own.
	Recentred interface {
		// Recentre sets how a channel is shifted: "mean", "last", or "" for not at all.
		Recentre(channel int, how string)
		Recentring(channel int) string
		Recentres() bool // any channel
		// TakeOffsets subtracts from each channel of a window its offset, and appends the offset: NaN for none.
		TakeOffsets(floats []float32, offsets []float64) []float64
	}

	// OfFiles is an encoder whose fields may be the paths of files.
	OfFiles interface{ ReadFrom() *SeriesFiles }

	// Spanned is an encoder whose columns take ranges of its numbers.
	Spanned interface {
		// Spans are the ranges in the order of the numbers; nil if columns cannot be distinguished.
		Spans(name string, columns []string) []Span
	}

	// Named is an encoder each of whose numbers stands for something that has a name.
	Named interface {
		// ValueNames name the numbers in their order; nil where they have none.
		ValueNames(columns []string) []string
	}

	// Baselined is an encoder whose neutral value is not zero.
	Baselined interface{ Baseline(floats []float32) }

	// Numbering is an encoder of fields that can do without the text of some columns.
	Numbering interface {
		// EncodeNumbers encodes the numbers of column k in some rows, NaN for gaps, into a cell for each. It reports
		// whether it could: only then are they what Encode makes of the texts.
		EncodeNumbers(k int, numbers []float64, cells []uint32) bool
	}

	// Direct is an encoder of fields with a cell for each float, which holds its bits.
	Direct interface{ CellsAreFloats() bool }

	// Vocabulary is an encoder of words.
	Vocabulary interface {
		// Unseen lists the columns whose words training never saw, given the fields and their cells.
		Unseen(fields []string, cells []uint32) []int
	}

	// Tokened is an encoder of texts.
	Tokened interface {
		// UnseenTokens counts the tokens that the vocabulary does not have among the cells of a text.
		UnseenTokens(cells []uint32) int
	}
)

// Of encoders of targets:
type (
	// Scaled is the encoder of a number.
	Scaled interface{ Scale() *Scaling }

	// Binary is the encoder of yes or no.
	TwoWords interface {
		// Words name no and yes.
		Words() (negative, positive string)
	}

	// Lenient is the encoder of yes or no that may take a word for no that training never saw: that of a model of an earlier version.
	Lenient interface{ Unknown(field string) bool }

	// Ahead is the encoder of one step of a forecast.
	Ahead interface {
		// Source is the column, and the number of steps after the first predicted one.
		Source() (column string, ahead int)
		Steps() int
		SeasonSteps() int
		// Offset is the channel of an input whose offset the number is relative to.
		Offset() (input, channel int, ok bool)
		SetOffset(input, channel int)
		// StepName is the name of the step; At is the encoder of another step.
		StepName() string
		At(ahead int) TargetEncoder
	}

	// Generated is the encoder of a target that the net writes step by step, each from those before.
	Generated interface {
		// Prefix encodes the steps so far as an input.
		Prefix() PrefixEncoder
		// Ends reports whether a token ends what is put out; Continues, whether rows are windows over texts.
		Ends() bool
		Continues() bool
		// AlignsLabels reports whether the net writes no step from those before: its labels are spread over its own steps, and Prefix
		// encodes them alone.
		AlignsLabels() bool
		// Text joins tokens into a text, and Tokens splits a text into them.
		Text(tokens []int32) string
		Tokens(text string) []uint32
		// Spelling turns tokens into text one by one, as they are written.
		Spelling() tokenizer.Decoder
	}

	// Several is the encoder of a target that makes several columns of labels, each with a name.
	Several interface {
		Each() (names []string, each []TargetEncoder)
	}

	// Listed is the encoder of one of several labels that a field lists.
	Listed interface {
		// List is the column, and what stands between the labels in it.
		List() (column, separator string)
	}

	// Joined is the encoder of labels that a field lists.
	Joined interface{ Join(labels []string) string }
)

// A PrefixEncoder encodes what a net writes step by step: the input and the label of each step.
type PrefixEncoder interface {
	SequenceEncoder
	ExpandLabels(cells []uint32, ints []int32)
	// Begin is the token that begins the prefix. End is the one that ends the text, or lies beyond the vocabulary if none does.
	Begin() uint32
	End() uint32
	Target() TargetEncoder
}

// Span is the range [Lo, Hi) of an input's block that one of its columns has in a row.
type Span struct {
	Column string
	Lo, Hi int
}
