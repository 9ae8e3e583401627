package dataset

import (
	"cmp"
	"fmt"
	"iter"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

// A text to continue (format: text) has no rows of its own: it becomes one stream of tokens for each split, and rows are windows
// over it. It is read piece by piece, once to fit the tokenizer and once to keep the tokens.

// checkText notes settings that are for rows, and what texts need of a split.
func (s *Settings) checkText(path string, p *spec.Problems) {
	given := map[string]bool{
		"inputs": len(s.Inputs) > 0, "target": len(s.Target) > 0, "weight": s.Weight != "", "augment": len(s.Augment) > 0,
		"order_by": len(s.OrderBy) > 0 || s.Order != "", "date_format": s.DateFormat != "", "every": s.Every != "", "calendar": len(s.Calendar) > 0, "holidays": s.Holidays.Given(), "group": s.Group != "",
		"sequence_id": s.SequenceID != "",
	}
	for _, key := range []string{"inputs", "target", "weight", "augment", "order_by", "date_format", "every", "calendar", "holidays", "group", "sequence_id"} {
		if given[key] {
			p.Add(path+"."+key, "is for rows of columns; in format: text each token is predicted from those before it: leave it out")
		}
	}
	s.OrderBy, s.DateFormat, s.Order, s.Every, s.Calendar, s.Holidays, s.Group, s.SequenceID = nil, "", "", "", nil, dates.Holidays{}, "", ""
	if o := s.Split.Order; o != nil && !*o {
		p.Add(path+".split.order", "must be true: a text is cut in its order; windows drawn at random would share their tokens with other splits")
	}
	if s.Split.Stratify.On {
		p.Add(path+".split.stratify", "is for rows with a class; a text is cut in its order")
	}
	if s.Split.Folds > 0 {
		p.Add(path+".split.folds", "is for rows; a text is cut in its order into train, validation and test")
	}
	if s.Split.Group != "" {
		p.Add(path+".split.group", "is for rows of columns; a text is cut in its order")
	}
	if s.Split.Seed != nil {
		p.Add(path+".split.seed", "is for rows drawn at random; a text is cut in its order")
	}
}

// texts are the settings of format: text; nil of other formats.
func (s *Settings) texts() *format.Text {
	f, _ := s.Format.(*format.Text)
	return f
}

// ContinuesText reports whether rows are windows over texts.
func ContinuesText(s *Schema) bool { return windowsOf(s) != nil }

// windowsOf is the encoder of windows over texts; nil of other data.
func windowsOf(s *Schema) *column.TextTargetEncoder {
	if len(s.Heads) != 1 {
		return nil
	}
	if e, ok := s.Heads[0].Fitted[0].Encoder.(*column.TextTargetEncoder); ok && e.Windows != nil {
		return e
	}
	return nil
}

// texting reads texts to continue.
type texting struct {
	*loader
	format *format.Text
	memory *corpus.Memory
}

// sections are the splits that a text is cut into, and where.
type sections struct {
	text   *corpus.Text
	splits []string
	cuts   []int // in characters; the last section ends with the last cut
	key    string
}

// load makes a schema of the texts, unless there is one, and the splits.
func (l *texting) load(tables map[string]*table.Table, schema *Schema) *Data {
	d := &Data{Unresolved: l.settings.unresolved(), untested: l.untested}
	list := l.cut(tables)
	if len(list) == 0 || l.p.Under(root) {
		return d
	}
	l.memory = l.format.Tokens(l.Path)
	if l.foreign {
		l.memory.Dir = ""
	}
	if schema == nil {
		e := l.fit(&list[0])
		if e == nil {
			return d
		}
		schema = &Schema{Format: Reader{l.format}}
		schema.Heads = newHeads([]string{format.TextColumn}, []column.TargetColumn{{Encoder: e}}, false, "")
		schema.Inputs = []Input{{Name: format.TextColumn, Columns: []string{format.TextColumn}, Encoder: e.Prefix()}}
		schema.assemble()
	}
	d.Schema, d.Unresolved = schema, nil
	for i := range list {
		streams, err := encodeText(windowsOf(schema), &list[i], l.memory)
		if err != nil {
			l.p.Add(root+"."+list[i].key, "%v", err)
			return d
		}
		for k, split := range list[i].splits {
			l.part(d, cmp.Or(split, "train"), streams[k], len(streams) == 1)
		}
	}
	d.Taken = l.models.taken
	return d
}

// cut lists the texts with the splits that they hold. The first of the first text is that of training, if there is one.
func (l *texting) cut(tables map[string]*table.Table) (list []sections) {
	for _, given := range l.format.Given() {
		t := tables[given]
		if t == nil {
			return nil
		}
		one := sections{text: t.Columns[0].Content.(*corpus.Text), splits: []string{given}, key: t.Key}
		split := &l.settings.Split
		if given == "" || given == "train" && (split.Validation != nil || split.Test != nil) {
			one.splits = format.Splits
			end, n := 0, one.text.Characters
			for _, count := range split.Counts(n) {
				end += max(0, count)
				one.cuts = append(one.cuts, end)
			}
			if end < n {
				l.Warn("%s of %s stay unused: train, validation and test do not add up to all%s", phrase.Thousands(n-end), phrase.Count(n, "character"), split.Percent())
			} else if one.cuts[0] == 0 || end > n {
				l.p.Add(root+".split", "%s leave none for training", phrase.Count(n, "character"))
			}
		}
		list = append(list, one)
	}
	return list
}

// pieces yields the pieces of a text by section.
func (s *sections) pieces() iter.Seq2[corpus.Piece, error] { return s.text.Pieces(s.cuts) }

// fit fits the tokenizer to the training split, the first section.
func (l *texting) fit(of *sections) *column.TextTargetEncoder {
	if l.format.Tokenizer == nil { // its own mistake was noted
		return nil
	}
	var failed error
	first, ends := "", false
	texts := func(yield func(string) bool) {
		for piece, err := range of.pieces() {
			if failed = err; err != nil || piece.Section > 0 || !yield(piece.Text) {
				return
			}
			if first == "" {
				first = piece.Text
			}
			ends = ends || piece.Document > 0
		}
	}
	tokens := l.givenTokens()
	if tokens == nil {
		tokens = l.format.Tokenizer.Fit(texts)
	} else {
		for range texts {
		}
	}
	if failed != nil {
		l.p.Add(root+"."+of.key, "%v", failed)
		return nil
	}
	known := len(tokens.Tokens()) - 2
	begin := tokens.Encode(nil, first)
	if known == 0 || len(begin) == 0 {
		l.p.Add(root+".tokenizer", "finds no token that is frequent enough in the training split")
		return nil
	}
	l.Note("%s: %s different tokens (%s)", format.TextColumn, phrase.Thousands(known), spec.KeyOf(l.format.Tokenizer))
	return column.FitWindows(tokens, l.format.Window, ends, begin[0])
}

// textStream is the tokens of a split.
type textStream struct {
	*corpus.Tokens
	documents []string // their names, in their order
	starts    []int    // the first token of each
	unknown   int      // tokens that training never saw
}

// encodeText cuts the sections of a text into tokens.
func encodeText(e *column.TextTargetEncoder, of *sections, m *corpus.Memory) ([]*textStream, error) {
	streams := make([]*textStream, len(of.splits))
	for i := range streams {
		streams[i] = &textStream{Tokens: corpus.NewTokens(m, len(e.ClassNames()))}
	}
	var tokens []uint32
	last := -1
	for piece, err := range of.pieces() {
		if err != nil {
			return nil, err
		}
		s := streams[piece.Section]
		if piece.Document != last || len(s.starts) == 0 {
			if len(s.starts) > 0 && e.Ends() {
				s.Append(e.Prefix().End())
			}
			s.documents, s.starts, last = append(s.documents, of.text.Documents[piece.Document].Name), append(s.starts, s.Len()), piece.Document
		}
		tokens = e.AppendTokens(tokens[:0], piece.Text)
		for _, t := range tokens {
			if t == tokenizer.Unknown {
				s.unknown++
			}
		}
		s.Append(tokens...)
	}
	for _, s := range streams {
		if err := s.End(); err != nil {
			return nil, err
		}
	}
	return streams, nil
}

// part puts a split in its place; official says that it has files of its own.
func (l *texting) part(d *Data, name string, s *textStream, official bool) {
	window := windowsOf(d.Schema).Length
	stride := window
	if name == "train" {
		if s.Len() <= window {
			l.p.Add(root+".window", "is %s, and the training split has %s: it must have one more than a window at least", phrase.Count(window, "token"), phrase.Thousands(s.Len()))
			return
		}
		stride = l.stride(s.Len() - window)
	} else if s.Len() < 2 {
		share := map[string]*float64{"validation": l.settings.Split.Validation, "test": l.settings.Split.Test}[name]
		if official || share != nil && *share > 0 {
			l.Warn("the %s split has no row: a row needs a token and the one that follows it", name)
		}
		return
	}
	p := newTextPart(d.Schema, name, s, stride, name != "train")
	switch name {
	case "train":
		d.Train = p
	case "validation":
		d.Validation = p
	case "test":
		d.Test = p
	}
	if s.unknown > 0 {
		l.Note("%s: %s of %s are not in the training split's vocabulary (<unknown>)", name, phrase.Thousands(s.unknown), phrase.Count(s.Len(), "token"))
	}
	if s.Filed() {
		l.early(fmt.Sprintf("%s: %s are in a temporary file, because memory allows %.3g GB for them", name, phrase.Count(s.Len(), "token"), l.memory.Limit/1e9))
	}
}

// early notes what should be known before long work begins.
func (l *texting) early(text string) {
	if l.images.Early != nil {
		l.images.Early(text)
	} else {
		l.Note("%s", text)
	}
}

// mostWindows is the most windows of an epoch: their order takes half a gigabyte.
const mostWindows = 1 << 26

// stride is how far windows of training begin one after the other, where they can begin at so many places.
func (l *texting) stride(places int) int {
	least := (places + mostWindows - 1) / mostWindows
	switch asked := l.format.Stride; {
	case asked >= least:
		return max(1, asked)
	case asked > 0 || least > 1:
		l.Note("train: windows begin every %d tokens, which limits them to %s", least, phrase.Thousands(mostWindows))
	}
	return max(1, least)
}

// givenTokens are those of a model of texts whose tokenizer is of the same kind; nil without.
func (l *texting) givenTokens() tokenizer.Fitted {
	for _, s := range l.models.given {
		if e := windowsOf(s); e != nil && spec.KeyOf(l.format.Tokenizer) == tokenizer.KeyOf(e.Fitted()) {
			l.models.taken = []string{format.TextColumn}
			return e.Fitted()
		}
	}
	return nil
}
