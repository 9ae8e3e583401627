package column

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
)

// evenColumns reports whether all rows of the data have all steps of a series across columns.
func (f *Fitting) evenColumns(steps int) bool {
	for _, in := range f.All {
		columns := slices.DeleteFunc(slices.Clone(in.Columns), func(c *table.Column) bool { return c == nil })
		for row := range int32(in.Table.Rows) {
			if length := blockLength(columns, steps, row); length > 0 && length < steps {
				return false
			}
		}
	}
	return true
}

// evenLists reports whether all series in a column have the same number of steps.
func (f *Fitting) evenLists() bool {
	size := -1
	for _, in := range f.All {
		c := in.Columns[0]
		for row := int32(0); c != nil && row < int32(in.Table.Rows); row++ {
			list, width, err := parseSeries(c.Field(row))
			if err != nil || c.Gap(row) {
				continue
			}
			if steps := len(list) / max(1, width); size >= 0 && steps != size {
				return false
			} else {
				size = steps
			}
		}
	}
	return true
}

// evenSteps reports whether all ids of the data have the same number of rows.
func evenSteps(f *Fitting) bool {
	size := int32(-1)
	for _, in := range f.All {
		for row := range int32(in.Table.Rows) {
			from, to := in.Table.Long.Range(row)
			if size >= 0 && to-from != size {
				return false
			}
			size = to - from
		}
	}
	return true
}

// warnSeason warns of official splits that are too short for a season: no value lies one season before.
func (f *Fitting) warnSeason(e *SeriesTargetEncoder) {
	for _, in := range f.All {
		t := in.Table
		if t == f.Table || t.Time == nil {
			continue
		}
		if n := t.Time.Longest(table.AllRows(t)); e.Season >= n {
			f.Warn("the season of %s is longer than the %s split, which has %d in a series: its seasonal naive forecast is the last value", phrase.Count(e.Season, "row"), in.Split, n)
		}
	}
}
