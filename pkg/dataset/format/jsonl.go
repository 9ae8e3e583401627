package format

import (
	"io"

	"dnn/pkg/dataset/table"
)

func init() {
	Formats.Register("jsonl", "a JSON object on each line", &JSONL{})
}

// JSONL reads JSON Lines: each line is an object whose keys are the columns. The columns are the keys of the first 100
// objects or, when predicting from a pipe, of those that arrive before it pauses. Later keys are ignored. An object
// without a key has a gap there, as with null. In prediction that holds even if no object has the key, unless it may be
// misspelt; how many lacked it is reported at the end. A number keeps its digits, true and false are words, and a list
// or an object in a field is its JSON text. Empty lines are skipped.
type JSONL struct {
	Files      `spec:",inline"`
	table.Gaps `spec:",inline"`
}

func (j *JSONL) Extensions() []string { return []string{"jsonl", "ndjson"} }

func (j *JSONL) Read(src Source, split string) *table.Table {
	return readRecords(j, &j.Files, src, split)
}

func (j *JSONL) Records(r io.Reader, name string) (table.RowReader, error) {
	return table.OpenJSONLines(r)
}

// Keyed marks rows as objects.
func (j *JSONL) Keyed() {}
