package column

import (
	"errors"

	"dnn/pkg/dataset/tokenizer"
)

// TextWindows says of a TextTargetEncoder that its rows are windows over texts (format: text). A window begins anywhere: the first
// token of its prefix is one of the text, and no token is put before it.
type TextWindows struct {
	Ends  bool   `json:"ends,omitempty"` // the token <end> is between documents, the last of the vocabulary
	Begin uint32 `json:"begin"`          // what a text is written after that has no beginning
}

// check says what is wrong with windows that were read from a file.
func (w *TextWindows) check(vocabulary int) error {
	if w != nil && int(w.Begin) >= vocabulary {
		return errors.New("a text that begins with a token beyond the vocabulary makes no sense")
	}
	return nil
}

// FitWindows is the encoder of windows of so many tokens. A new document begins after the token <end>, if there is one, else as a
// line does, and if line breaks are no tokens, as the text that first begins with.
func FitWindows(tokens tokenizer.Fitted, window int, ends bool, first uint32) *TextTargetEncoder {
	e := &TextTargetEncoder{Length: window, Windows: &TextWindows{Ends: ends, Begin: first}, tokens: tokens}
	e.settle()
	if line := e.Tokens("\n"); ends {
		e.Windows.Begin = e.Prefix().End()
	} else if len(line) == 1 && line[0] != tokenizer.Unknown {
		e.Windows.Begin = line[0]
	}
	return e
}

// windowPrefix is the prefix of windows: a step is a token, and the token that follows it.
type windowPrefix struct{ textPrefix }

func (p *windowPrefix) Layout() layout {
	l := p.textPrefix.Layout()
	l.Shape = []int{p.of.Length}
	return l
}

func (p *windowPrefix) Begin() uint32 { return p.of.Windows.Begin }

func (p *windowPrefix) End() uint32 {
	if p.of.Ends() {
		return p.textPrefix.End()
	}
	return uint32(len(p.of.classes))
}

// EncodeSteps appends the steps of a text from its beginning; without fields only the first, from which a text begins to be written.
func (p *windowPrefix) EncodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	last := p.Begin()
	if len(fields) == 0 {
		return append(cells, last, last), nil
	}
	for _, t := range p.of.Tokens(fields[0]) {
		cells, last = append(cells, last, t), t
	}
	return cells, nil
}

// Fitted is the tokenizer.
func (e *TextTargetEncoder) Fitted() tokenizer.Fitted { return e.tokens }
