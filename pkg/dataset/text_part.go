package dataset

import (
	"fmt"
	"sort"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// tokenWindows is a Stepper whose rows are windows over a stream of tokens: none is copied before it is read.
type tokenWindows struct {
	*textStream
	window, stride int
}

// places is how many windows there are: all whole, or until they cover the tokens.
func (w *tokenWindows) places(cover bool) int {
	steps := w.Len() - 1 // the last token is a label alone
	if cover {
		return (steps + w.stride - 1) / w.stride
	}
	return (steps-w.window)/w.stride + 1
}

// span is where a window begins, and its steps: the last one may have fewer.
func (w *tokenWindows) span(row int32) (from, steps int) {
	from = int(row) * w.stride
	return from, min(w.window, w.Len()-1-from)
}

func (w *tokenWindows) Size(row int32) int {
	_, steps := w.span(row)
	return 2 * steps
}

// Read returns each token with the one that follows it.
func (w *tokenWindows) Read(row int32, s *Scratch) ([]uint32, error) {
	from, steps := w.span(row)
	if len(s.tokens) <= w.window {
		s.tokens, s.cells = make([]uint32, w.window+1), make([]uint32, 2*w.window)
	}
	if err := w.Tokens.Read(s.tokens[:steps+1], from, &s.bytes); err != nil {
		return nil, err
	}
	for i := range steps {
		s.cells[2*i], s.cells[2*i+1] = s.tokens[i], s.tokens[i+1]
	}
	return s.cells[:2*steps], nil
}

// place names a window: the document that it begins in, and with which of the split's tokens.
func (w *tokenWindows) place(split string, row int32) string {
	from, _ := w.span(row)
	after := sort.Search(len(w.starts), func(i int) bool { return w.starts[i] > from })
	return fmt.Sprintf("%s, token %s of %s", w.documents[max(0, after-1)], phrase.Thousands(from+1), split)
}

// newTextPart makes the part of a split whose windows begin so many tokens one after the other.
func newTextPart(s *Schema, split string, tokens *textStream, stride int, cover bool) *Part {
	w := &tokenWindows{tokens, windowsOf(s).Length, stride}
	st := &store{
		width: s.CellCount, chunks: [][]uint32{make([]uint32, s.CellCount)}, same: true, steps: []Stepper{w}, pixels: make([]*image.Pixels, 1),
		Table: &table.Table{Key: split, Header: []string{}},
		place: func(row int32) string { return w.place(split, row) },
	}
	s.NewRowEncoder(true).Weight("", st.row(0))
	return &Part{Of: s, Cells: st, Stored: rows{n: w.places(cover)}}
}

// windowsIn are the windows that rows of the part are; nil of other data.
func windowsIn(p *Part) *tokenWindows {
	if !p.Cells.same {
		return nil
	}
	return p.Cells.steps[0].(*tokenWindows)
}

// windowText is the text of some tokens of a window.
func windowText(p *Part, tokens []float64) string {
	list := make([]int32, len(tokens))
	for i, t := range tokens {
		list[i] = int32(t)
	}
	return windowsOf(p.Of).Text(list)
}

// filed reports whether a stepper reads tokens from a file.
func filed(s Stepper) bool {
	w, ok := s.(*tokenWindows)
	return ok && w.Filed()
}

// Covering is the part to score: the rows themselves, or of windows that overlap as many as follow one another without. Where most is
// above 0, there are at most so many windows, spread evenly over the text.
func Covering(p *Part, most int) *Part {
	w := windowsIn(p)
	if w == nil {
		return p
	}
	if w.stride < w.window {
		p = newTextPart(p.Of, p.Cells.Table.Key, w.textStream, w.window, true)
	}
	if most == 0 || p.Rows() <= most {
		return p
	}
	list := make([]int32, most)
	for i := range list {
		list[i] = p.Stored.At(i * p.Rows() / most)
	}
	return &Part{Of: p.Of, Cells: p.Cells, Stored: rowList(list)}
}

// TextPart makes a part of other texts, to be scored by a model that continues texts, and returns how many tokens the model does
// not know.
func TextPart(s *Schema, name string, documents []corpus.Document) (p *Part, unknown int, err error) {
	of := &sections{text: &corpus.Text{Documents: documents}, splits: []string{name}}
	streams, err := encodeText(windowsOf(s), of, s.Format.Format.(*format.Text).Tokens(nil))
	if err != nil {
		return nil, 0, err
	}
	if streams[0].Len() < 2 {
		return nil, 0, fmt.Errorf("%s has fewer than two tokens: there is nothing to predict", name)
	}
	return newTextPart(s, name, streams[0], windowsOf(s).Length, true), streams[0].unknown, nil
}
