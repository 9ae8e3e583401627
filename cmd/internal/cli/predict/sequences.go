package predict

import (
	"iter"
	"path/filepath"
	"slices"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/model"
)

// areSequences tells whether the arguments name files of one sequence each, or folders of them, for a model that was trained
// on such. A single file may also be a table of many sequences, or of the paths of their files.
func (p *options) areSequences(args []string, s *dataset.Schema) bool {
	if !stream.TakesSequenceFiles(s) || len(args) == 0 || slices.Contains(args, "-") {
		return false
	}
	return len(args) > 1 || !stream.IsSequenceTable(s, args[0], stream.Options{Format: p.input.Format, Delimiter: p.input.Character()})
}

// sequences predicts files, each a row.
func (p *options) sequences(file *model.File, args []string, predictions *predictions) error {
	if len(p.keep) > 0 {
		return exit.Usagef("--keep is for files with many rows; sequences have no column but the file, which always comes first")
	}
	if err := p.checkOut(nil, args[0]); err != nil {
		return err
	}
	if p.format == "" {
		p.format = output.Choose(input.HasExt(p.out, "jsonl", "ndjson"), "jsonl", "csv")
	}
	schema := file.Net.Schema
	wrong := input.NewBadFiles(p.term, "file")
	walk := &input.Walk{Args: args[1:], Is: func(name string) bool { return stream.IsSequenceName(schema, name) }}
	st, err := stream.OpenSequences(schema, named(walk.Names()), stream.Options{Format: p.input.Format, Delimiter: p.input.Character()})
	if err != nil {
		return exit.Bad(err)
	}
	defer st.Close()
	rows := newRows(p.format, predictions, []int{0}, st.Header())
	place := func(i int) string { return st.Records()[i][0] }
	if err := p.predict(file, st, rows, predictions, wrong, place); err != nil {
		return err
	}
	input.Warn(p.term, st)
	input.WarnOfTokens(p.term, st)
	if walk.Err != nil {
		return exit.Bad(walk.Err)
	}
	if walk.Skipped > 0 {
		p.term.Note("%s skipped that %s not named as CSV, TSV or JSON Lines", output.Plural(walk.Skipped, "file"), output.Choose(walk.Skipped == 1, "is", "are"))
	}
	if wrong.Rows == 0 {
		return exit.Usagef("no sequences in %s", output.List(args[1:], 3))
	}
	return wrong.Err()
}

// named are files that are called by their paths.
func named(names iter.Seq[string]) iter.Seq[stream.SequenceFile] {
	return func(yield func(stream.SequenceFile) bool) {
		for name := range names {
			if !yield(stream.SequenceFile{Path: name, Name: filepath.ToSlash(name)}) {
				return
			}
		}
	}
}
