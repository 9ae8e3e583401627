package cli

import (
	"iter"
	"path/filepath"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// areSequences tells whether the arguments name files of one sequence each, or folders of them, for a model that was trained
// on such. A single file may also be a table of many sequences, or of the paths of their files.
func (p *predictCommand) areSequences(args []string, s *dataset.Schema) bool {
	if !s.TakesSequenceFiles() || len(args) == 0 || slices.Contains(args, "-") {
		return false
	}
	return len(args) > 1 || !s.IsSequenceTable(args[0], dataset.StreamOptions{Format: p.input.format, Delimiter: p.input.character()})
}

// sequences predicts files, each a row.
func (p *predictCommand) sequences(file *model.File, args []string, answers *answers) error {
	if len(p.keep) > 0 {
		return usagef("--keep is for files with many rows; of sequences only the file is kept, which always stands first")
	}
	if err := p.keepsInput(nil, args[0]); err != nil {
		return err
	}
	if p.format == "" {
		p.format = choose(endsIn(p.out, "jsonl", "ndjson"), "jsonl", "csv")
	}
	schema := file.Net.Schema
	wrong := &complaints{out: p.app.err, noun: "file", most: maxComplaints}
	walk := &fileWalk{args: args[1:], is: schema.IsSequenceName}
	stream, err := schema.OpenSequences(named(walk.names()), dataset.StreamOptions{Format: p.input.format, Delimiter: p.input.character()})
	if err != nil {
		return bad(err)
	}
	defer stream.Close()
	rows := newRows(p.format, answers, []int{0}, stream.Header())
	place := func(i int) string { return stream.Records()[i][0] }
	if err := p.predict(file, stream, rows, answers, wrong, place); err != nil {
		return err
	}
	p.app.tellUnseen(stream)
	if walk.err != nil {
		return bad(walk.err)
	}
	if walk.left > 0 {
		p.app.note("%s left out that %s not named as CSV, TSV or JSON Lines", plural(walk.left, "file"), choose(walk.left == 1, "is", "are"))
	}
	if wrong.rows == 0 {
		return usagef("no sequences in %s", listShort(args[1:], 3))
	}
	return wrong.verdict()
}

// named are files that are called by their paths.
func named(names iter.Seq[string]) iter.Seq[dataset.SequenceFile] {
	return func(yield func(dataset.SequenceFile) bool) {
		for name := range names {
			if !yield(dataset.SequenceFile{Path: name, Name: filepath.ToSlash(name)}) {
				return
			}
		}
	}
}
