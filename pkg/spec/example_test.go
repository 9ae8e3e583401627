package spec_test

import (
	"fmt"

	"dnn/pkg/spec"
)

// Decode a document into a struct: keys, defaults and ranges are in its tags, and all mistakes are told in one go, each with
// its line.
func Example() {
	var settings struct {
		Units int     `required:"true" range:"[1,)" doc:"how many"`
		Rate  float64 `default:"0.5" range:"[0,1)" doc:"how much is dropped"`
	}
	doc, err := spec.Parse("net.yaml", []byte("units: 0\nraet: 0.1\n"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	var p spec.Problems
	doc.Decode(&settings, &p)
	fmt.Println(p.Err(doc))
	// Output:
	// net.yaml:1:8: units: 0 is out of range: want at least 1
	// net.yaml:2:1: raet: unknown key (did you mean rate?)
}
