package stream

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/npy"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

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
