package dataset

import (
	"fmt"
	"math"
	"strconv"
)

// SeriesTarget is the next values of a column, in a table whose rows follow one another in time: row r has the values of
// rows r to r + horizon − 1. Of a column "value" with horizon 3 they are called value+1, value+2 and value+3, with horizon
// 1 just value. Rows of which one of them is missing are left out. Metrics are in the target's own unit.
type SeriesTarget struct {
	Horizon   int    `default:"1" range:"[1,10000]" doc:"how many steps are predicted at once"`
	Season    int    `default:"0" range:"[1,)" doc:"steps after which the series repeats itself, for the seasonal naive forecast in the reports: 12 of months (default: found from the order column, where months, quarters, weeks, days or hours follow one another)"`
	Normalize string `default:"zscore" oneof:"zscore|minmax|robust|log1p|log_zscore|none" doc:"the scale on which it is learned; predictions are scaled back"`
}

func (s *SeriesTarget) encoder() TargetEncoder { return &SeriesTargetEncoder{} }

func (s *SeriesTarget) fit(f *fitting, column *Column) TargetEncoder {
	if f.table.time == nil { // its rows do not follow one another, which is a mistake that was noted
		return nil
	}
	numbers, _ := f.numbersOf(column, f.past)
	if len(numbers) == 0 {
		f.l.p.Add(f.path, "%s", f.noNumber(column))
		return nil
	}
	scaling, constant := fitScaling(s.Normalize, numbers)
	if constant {
		f.l.note("warning: the target %s is the same in all rows of the training part", column.Name)
	}
	e := &SeriesTargetEncoder{Column: column.Name, Horizon: s.Horizon, Season: s.Season, Scaling: scaling}
	longest := f.table.time.longest(f.past)
	if e.Season >= longest {
		f.l.p.Add(f.path+".season", "is %s, and the training part has no more than %s in a series: nothing in it lies a season before another", counted(e.Season, "row"), thousands(longest))
		return nil
	}
	if e.Season == 0 {
		switch season := f.table.time.season(); {
		case season >= longest:
			f.l.note("%s: the season would be %d rows (%s), and the training part has %d; forecasts are compared with the last value alone", column.Name, season, f.table.time.spacing(), longest)
		case season > 0:
			e.Season = season
			f.l.note("%s: the season is %d rows (%s); target: {season: N} sets another", column.Name, e.Season, f.table.time.spacing())
		}
	}
	f.l.doubtSeason(e, f.table)
	return e
}

// doubtSeason warns of official parts that begin anew and are too short for a season: there is no value one season before.
func (l *loader) doubtSeason(e *SeriesTargetEncoder, main *Table) {
	for _, part := range l.settings.Format.given() {
		t := l.tables[part]
		if t == nil || t == main || t.time == nil {
			continue
		}
		if n := t.time.longest(everyRowOf(t)); e.Season >= n {
			l.note("warning: the season of %s is longer than the %s part, which has %d in a series: its seasonal naive forecast is the last value", counted(e.Season, "row"), part, n)
		}
	}
}

// SeriesTargetEncoder is one step of a fitted SeriesTarget.
type SeriesTargetEncoder struct {
	Column  string  `json:"column"`
	Ahead   int     `json:"ahead"` // steps after the first that is predicted
	Horizon int     `json:"horizon"`
	Season  int     `json:"season,omitempty"` // 0 where there is none
	Scaling Scaling `json:"scaling"`
	Base    *based  `json:"base,omitempty"` // what it counts from; nil: from 0
}

func (e *SeriesTargetEncoder) kind() string { return "number" }

func (e *SeriesTargetEncoder) encode(field string) (uint32, error) {
	x, ok := parseNumber(field)
	if !ok {
		return 0, &fieldError{0, notNumber(field)}
	}
	y, err := e.Scaling.apply(x)
	return math.Float32bits(y), err
}

// name is what the step is called.
func (e *SeriesTargetEncoder) name() string {
	if e.Horizon == 1 {
		return e.Column
	}
	return e.Column + "+" + strconv.Itoa(e.Ahead+1)
}

// ahead returns the encoder of another step.
func (e *SeriesTargetEncoder) ahead(steps int) *SeriesTargetEncoder {
	other := *e
	other.Ahead = steps
	return &other
}

// horizon is how many steps the target of the settings has, 0 unless it is a series.
func (s *Settings) horizon() (most int) {
	for _, t := range s.Target {
		if series, ok := t.Type.(*SeriesTarget); ok {
			most = max(most, series.Horizon)
		}
	}
	return most
}

// Forecasts reports whether the target of the settings is a series.
func (s *Settings) Forecasts() bool { return s.horizon() > 0 }

// Horizon is how many steps are predicted at once, 0 unless the target is a series.
func (t *Target) Horizon() int {
	if e, ok := t.first(); ok {
		return e.Horizon
	}
	return 0
}

// Season is after how many steps the target repeats itself, 0 where that is not known.
func (t *Target) Season() int {
	if e, ok := t.first(); ok {
		return e.Season
	}
	return 0
}

func (t *Target) first() (*SeriesTargetEncoder, bool) {
	if len(t.Columns) == 0 {
		return nil, false
	}
	e, ok := t.Columns[0].Encoder.(*SeriesTargetEncoder)
	return e, ok
}

// column tells which column target i reads, and how many rows after its own.
func (t *Target) column(i int) (name string, ahead int) {
	if e, ok := t.Columns[i].Encoder.(*SeriesTargetEncoder); ok {
		return e.Column, e.Ahead
	}
	return t.Names[i], 0
}

// sources lists the columns that the targets read, each once.
func (t *Target) sources() (names []string) {
	for i := range t.Columns {
		if name, ahead := t.column(i); ahead == 0 {
			names = append(names, name)
		}
	}
	return names
}

// Series lists the columns of a target of series, each once.
func (t *Target) Series() []string { return t.sources() }

// source is the place in sources of what target i reads.
func (t *Target) source(i int) int {
	if e, ok := t.Columns[i].Encoder.(*SeriesTargetEncoder); ok {
		return i / e.Horizon // all have the same
	}
	return i
}

// ahead is how many rows after its own target i stands.
func (t *Target) ahead(i int) int32 {
	_, ahead := t.column(i)
	return int32(ahead)
}

// Scaling is the scale on which a number is learned.
func (c *TargetColumn) Scaling() (s Scaling, ok bool) {
	switch e := c.Answer().(type) {
	case *NumberTargetEncoder:
		return e.Scaling, true
	case *SeriesTargetEncoder:
		return e.Scaling, true
	}
	return s, false
}

// checkHorizons wants one horizon, since a row has all its targets or none.
func (s *Settings) checkHorizons(path string, add func(path, format string, args ...any)) {
	first := 0
	for i, t := range s.Target {
		series, ok := t.Type.(*SeriesTarget)
		switch {
		case !ok && s.horizon() > 0 && t.Type != nil:
			add(fmt.Sprintf("%s.target[%d]", path, i), "beside a series there can be only series")
		case ok && first == 0:
			first = series.Horizon
		case ok && series.Horizon != first:
			add(fmt.Sprintf("%s.target[%d].horizon", path, i), "is %d, and that of the first target %d; want the same", series.Horizon, first)
		}
	}
}

// addSteps adds all steps of a fitted series to the target.
func (t *Target) addSteps(e *SeriesTargetEncoder) {
	for k := range e.Horizon {
		step := e.ahead(k)
		t.Names, t.Columns = append(t.Names, step.name()), append(t.Columns, TargetColumn{step})
	}
}
