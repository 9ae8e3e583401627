package format

import (
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Section is the path of the dataset in a spec.
const Section = "dataset"

// Source is what a format, and the types that read files, need from the loader of a dataset.
type Source interface {
	image.Report
	Problems() *spec.Problems
	// Path resolves a path of the spec, which may be relative to the spec's folder.
	Path(name string) string
	// Wanted reports whether the spec asks for a column; FreeText whether its fields are free text only, so that words
	// for a missing value are words.
	Wanted(column string) bool
	FreeText(column string) bool
	// Digest reserves the next place among the digests of the data; the returned function fills it in.
	Digest() func(sum []byte)
	// Images returns the images of a set, which are read later.
	Images(set *image.Set, t *table.Table) *image.Pixels
	Seed() uint64
}
