package format

import (
	"io"

	"dnn/pkg/dataset/table"
)

func init() {
	Formats.Register("jsonl", "a JSON object on each line", &JSONL{})
}

// JSONL reads JSON Lines: each line is an object, whose keys are the columns. Columns are the keys of the first 100
// objects, in prediction from a pipe of those that come before it pauses; keys that turn up later are ignored, and an object
// without a key has a gap there, as with null: in prediction also when no object has it, unless it may be misspelt, and how
// many lacked it is told at the end. A number keeps its digits, true and false are those words, and a list or an object in a
// field is taken as its JSON text. Empty lines are skipped.
type JSONL struct {
	Files      `spec:",inline"`
	table.Gaps `spec:",inline"`
}

func (j *JSONL) Extensions() []string { return []string{"jsonl", "ndjson"} }

func (j *JSONL) Read(src Source, part string) *table.Table {
	return readRecords(j, &j.Files, src, part)
}

func (j *JSONL) Records(r io.Reader, name string) (table.RowReader, error) {
	return table.OpenJSONLines(r)
}

// Keyed says that rows are objects.
func (j *JSONL) Keyed() {}
