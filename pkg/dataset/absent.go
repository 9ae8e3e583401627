package dataset

import (
	"dnn/internal/phrase"
)

// tellAbsent warns of parts that are to measure a model and hold no row of some class.
func (l *splitter) tellAbsent(d *Data) {
	for _, part := range []string{"validation", "test"} {
		p := d.Part(part)
		if p == nil || p.Rows() == 0 {
			continue
		}
		var absent []string
		for k, t := range d.Schema.heads {
			for i, n := range p.labelCounts(k) {
				if n == 0 && i < len(t.Classes) {
					absent = append(absent, t.Classes[i])
				}
			}
		}
		if len(absent) > 0 {
			l.Warn("the %s part has no row of %s; a mean over the classes (macro) passes over one that is never predicted either, and counts it as 0 if it is",
				part, phrase.Few(absent))
		}
	}
}
