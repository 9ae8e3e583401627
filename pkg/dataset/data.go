package dataset

import (
	"slices"

	"dnn/pkg/dataset/image"
	"dnn/pkg/spec"
)

// Data is a loaded dataset.
type Data struct {
	Schema                  *Schema
	Train, Validation, Test *Part        // nil when there is none
	Unresolved              []Unresolved // inputs that mistakes keep from being known
	Notes                   spec.Notes   // what was inferred and why, what was dropped or filled, warnings
	untested                bool         // the test split is left for later
	Taken                   []string     // columns that are encoded as in a model, of TakeOver
	learned                 []int32      // the rows of the training split, those too that have no whole history
	Digest                  string       // of the bytes of all files as they lie on disk: shows whether data changed
	Absent                  bool         // a file that others named is not there, or is no file: nothing was read
}

// Part returns the split of that name: "train", "validation" or "test"; nil when there is none.
func (d *Data) Part(name string) *Part {
	switch name {
	case "train":
		return d.Train
	case "validation":
		return d.Validation
	case "test":
		return d.Test
	}
	return nil
}

// Joinable reports whether JoinValidation could add the rows of the validation split to the training split.
func (d *Data) Joinable() bool {
	return d.Train != nil && d.Validation != nil && d.Train.Cells == d.Validation.Cells
}

// Forget drops the rows of all splits, but images and the names and texts that are kept: no more batches are filled.
func (d *Data) Forget() {
	for _, p := range []*Part{d.Train, d.Validation, d.Test} {
		if p != nil && !slices.ContainsFunc(p.Cells.pixels, func(px *image.Pixels) bool { return px != nil }) {
			p.Cells.chunks = nil
		}
	}
}

// WithSchema returns the same data with another schema of the same encoding: one whose sequences have lengths of their own.
func (d *Data) WithSchema(s *Schema) *Data {
	other := *d
	other.Schema = s
	for _, p := range []**Part{&other.Train, &other.Validation, &other.Test} {
		if *p == nil {
			continue
		}
		own := **p
		own.Of = s
		if own.augment != nil {
			a := *own.augment
			a.take(&own)
		}
		*p = &own
	}
	return &other
}

// Load reads, splits, infers, fits and encodes. Paths are relative to dir; seed is the spec's. Every mistake is noted in p
// with its path in the spec. Load returns what is known even then: a Schema whose blocks and target hold the sizes that
// could be found out, and no splits when rows could not be encoded; no Schema when nothing could be read.
func Load(s *Settings, dir string, seed uint64, p *spec.Problems, options ...Option) *Data {
	return load(s, nil, dir, seed, p, options)
}

// LoadWith is Load with a schema that was fitted before, so that a model meets its data encoded as in its training,
// whatever has become of the training rows. The settings say where the files are and how they are split.
func LoadWith(s *Settings, schema *Schema, dir string, seed uint64, p *spec.Problems, options ...Option) *Data {
	return load(s, schema, dir, seed, p, options)
}

func load(s *Settings, schema *Schema, dir string, seed uint64, p *spec.Problems, options []Option) *Data {
	if s.Format == nil { // its own mistake was noted
		return &Data{Unresolved: s.unresolved()}
	}
	l := newLoader(s, dir, seed, p)
	for _, option := range options {
		option(l)
	}
	if schema != nil {
		l.fitted = schema
	}
	defer l.mistakes.summarize(p)
	if l.foreign && !l.allRegular() {
		return &Data{Unresolved: s.unresolved(), Absent: true}
	}
	d := l.load(schema)
	if d.Notes = l.notes; p.Len() == 0 || l.digested() {
		d.Digest = l.sum()
	}
	return d
}

func (l *loader) load(schema *Schema) *Data {
	s, p := l.settings.Settings, l.p
	tables := (&arranger{l}).readTables()
	if f := s.texts(); f != nil {
		return (&texting{loader: l, format: f}).load(tables, schema)
	}
	main := tables[""]
	if main == nil {
		main = tables["train"]
	}
	if main == nil {
		return &Data{Unresolved: s.unresolved()}
	}
	r := &resolver{loader: l}
	columns := r.resolve(main, schema)
	for _, part := range s.Format.Given() {
		if t := tables[part]; t != nil && t != main {
			r.sameColumns(columns, t)
		}
	}
	for _, part := range s.Format.Given() {
		if t := tables[part]; t != nil {
			r.readPaths(columns, t)
			r.sameShapes(columns, t, schema)
		}
	}
	columns.broken = !l.images.Read(p, true, nil) || columns.broken
	splits := &splitter{loader: l}
	parts := splits.share(tables, main, columns)
	if schema == nil && len(parts["train"].rows) == 0 {
		return &Data{Unresolved: s.unresolved()}
	}
	columns.broken = !l.images.Read(p, false, usedRows(parts)) || columns.broken
	if schema == nil {
		schema = (&fitter{l}).fit(columns, main, parts["train"].rows)
	}
	d := &Data{Schema: schema, Unresolved: l.unresolved, Taken: l.models.taken, learned: l.past, untested: l.untested}
	changes := (&fitter{l}).augmenter(schema)
	if complete(schema, columns) {
		if l.fitted != nil {
			splits.tellUnknown(schema, tables)
		}
		(&encoding{l}).encode(d, columns, parts)
		splits.tellEmpty(d)
		splits.tellAbsent(d)
		if changes != nil && d.Train != nil {
			changes.take(d.Train)
		}
		if s.Weight != "" && d.Train != nil && d.Train.Rows() > 0 && !d.Train.weighs() {
			p.Add(root+".weight", "all rows of the training split weigh 0")
		}
	}
	return d
}

// Option says how data is read beyond what a spec says.
type Option func(l *loader)

// KeepImages lets decoded images be kept in a cache for the next run, as the spec asks for. Without it a cache is read
// but none is written.
func KeepImages() Option { return func(l *loader) { l.images.Keep = true } }

// Foreign says that the settings come from a file that others may have written: a folder that they name for a cache is read, and
// nothing is written there.
func Foreign() Option { return func(l *loader) { l.foreign, l.images.Foreign = true, true } }

// SeparateHeads makes each target a head of its own, of any kind, for nets whose layers say which target they are for. Without
// it several targets are one head, and of one kind.
func SeparateHeads() Option { return func(l *loader) { l.separate = true } }

// LeaveTest leaves the test split for later: a run reports on another.
func LeaveTest() Option { return func(l *loader) { l.untested = true } }

// JoinValidation adds the rows of the validation split to the training split, of data where both come from one table
// (Data.Joinable).
func JoinValidation() Option { return func(l *loader) { l.joined = true } }

// TakeOver has columns encoded as models do that read them in the same way: scaled as they are there, with the same vocabularies. Of
// several models the first that has a column counts. Data.Taken lists the columns. Load takes over, LoadWith does not.
func TakeOver(models ...*Schema) Option { return func(l *loader) { l.models.given = models } }

// KeepTexts keeps those fields that a list of misclassified rows shows: the texts that the rows of the last split have, if a
// target is of classes. Otherwise only cells are kept of what was read.
func KeepTexts() Option { return func(l *loader) { l.fields = max(l.fields, textFields) } }

// KeepFields keeps all fields that were read, for Part.Show.
func KeepFields() Option { return func(l *loader) { l.fields = allFields } }

// TellEarly hands over what should be known before long work begins, when it is known. Without it that is a note.
func TellEarly(tell func(text string)) Option { return func(l *loader) { l.images.Early = tell } }
