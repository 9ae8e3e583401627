package model

import (
	"strings"

	"dnn/pkg/spec"
)

// blame adds the overrides to every mistake in the spec file that is not one without them: when --set makes
// the last layer too narrow, the line of the loss is no help by itself. The spec is checked once more for that, as the
// file has it.
func blame(d *spec.Document, from *resumed, p *spec.Problems) {
	sets := d.Overrides()
	if len(sets) == 0 {
		return
	}
	plain, err := d.WithoutOverrides()
	if err != nil {
		return
	}
	cause := "the values given with --set"
	if len(sets) <= 3 {
		cause = "--set " + strings.Join(sets, " --set ")
	}
	var before spec.Problems
	open(plain, from, &before, nil)
	p.Attribute(d, &before, " (this comes of "+cause+")")
}
