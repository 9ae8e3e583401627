// Package synthetic makes rows up for trials and tests: one file for each generator. The same seed gives the same rows on
// every machine.
package synthetic

import (
	"crypto/sha256"
	"strconv"

	"dnn/internal/registry"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	format.Formats.Register("synthetic", "made-up rows for trials and tests", &Synthetic{})
	spec.RegisterKinds(Generators, spec.KindOptions{Key: "generator"})
}

// Synthetic makes rows up: the same for the same seed, on every machine. The columns are x0, x1, … and the target (y, or
// y0, y1, …; or class), which the spec need not name. Numbers have seven digits.
type Synthetic struct {
	Rows      int       `json:"-" default:"1000" range:"[1,10000000]" doc:"how many rows are made and then split"`
	Generator Generator `json:"-" spec:",inline"`
}

// Generator makes rows up; `generator:` chooses it.
type Generator interface {
	// columns returns the number of features, and the targets.
	columns() (features int, targets []table.Offer)
	// Generate calls emit for each of n rows, with the features and the targets' fields; emit keeps neither.
	Generate(n int, seed uint64, emit func(x []float64, y []string))
}

// A textGenerator makes columns of text beside its features; their fields come before those of the targets.
type textGenerator interface{ texts() []string }

// Generators holds the generators.
var Generators = registry.New[Generator]("generator")

func (s *Synthetic) Given() []string      { return []string{""} }
func (s *Synthetic) Extensions() []string { return nil }

func (s *Synthetic) Read(src format.Source, part string) *table.Table {
	if s.Generator == nil { // its own mistake was noted
		return nil
	}
	features, targets := s.Generator.columns()
	t := &table.Table{Key: "generator", Offers: targets, Rows: s.Rows}
	var header []string
	for i := range features {
		header = append(header, "x"+strconv.Itoa(i))
	}
	if g, ok := s.Generator.(textGenerator); ok {
		header = append(header, g.texts()...)
	}
	for _, target := range targets {
		header = append(header, target.Column)
	}
	t.Keep(header, func(string) bool { return true })
	s.Generator.Generate(s.Rows, src.Seed(), func(x []float64, y []string) {
		for i, v := range x {
			t.Columns[i].Add(Digits(v))
		}
		for i, field := range y {
			t.Columns[features+i].Add(field)
		}
	})
	sum := sha256.New()
	for _, c := range t.Columns {
		c.Seal()
		c.Digest(sum)
	}
	src.Digest()(sum.Sum(nil))
	return t
}

// Digits writes a number with seven digits.
func Digits(x float64) string { return strconv.FormatFloat(x, 'g', 7, 64) }

// classTarget is the target of a generator of classes, which are named 0, 1, ….
func classTarget(classes int) []table.Offer {
	offer := table.Offer{Column: "class", Type: "category"}
	for i := range classes {
		offer.Classes = append(offer.Classes, strconv.Itoa(i))
	}
	return []table.Offer{offer}
}

// streamData begins the streams of random numbers that make rows up.
const streamData = 1 << 32
