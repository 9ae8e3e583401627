package format

import (
	"io"

	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("jsonl", "a JSON object on each line, or a JSON array of objects", &JSONL{})
}

// JSONL reads JSON Lines: each line is an object whose keys are the columns, also those that only later objects have. A file may
// also be one JSON array of such objects, in any number of lines. When predicting from a pipe, the header that is passed on has the
// keys of the first 100 objects, or of those that arrive before it pauses, and those that the model reads. An object without a key
// has a gap there, as with null. In prediction that holds even if no object has the key, unless it may be misspelt; how many lacked
// it is reported at the end. A number keeps its digits, NaN and Infinity are gaps among numbers, true and false are words, and a
// list or an object in a field is its JSON text. Where the spec names columns, home.town is a value within an object of the key home.
// Empty lines are skipped.
type JSONL struct {
	Files          `spec:",inline"`
	table.Gaps     `spec:",inline"`
	record.Encoded `spec:",inline"`
	record.Limit   `spec:",inline"`
}

// CheckSpec checks the encoding.
func (j *JSONL) CheckSpec(path string, p *spec.Problems) {
	j.Files.CheckSpec(path, p)
	j.CheckEncoding(path, p)
}

func (j *JSONL) Extensions() []string { return []string{"jsonl", "ndjson", "json"} }

func (j *JSONL) Read(src Source, split string) *table.Table {
	return readRecords(j, &j.Files, src, split)
}

func (j *JSONL) Records(r io.Reader, name string) (record.Reader, error) {
	return record.OpenJSONLines(r, j.Limit)
}

// Keyed marks rows as objects.
func (j *JSONL) Keyed() {}
