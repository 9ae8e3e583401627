package column

import (
	"math"
	"strconv"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
)

// SeriesTarget is the next values of a column, in a table whose rows follow one another in time: row r has the values
// of rows r to r + horizon − 1. For a column "value" with horizon 3 they are named value+1, value+2 and value+3, with
// horizon 1 just value. Rows that lack one of them are left out. Metrics are in the target's unit.
type SeriesTarget struct {
	Horizon   int    `default:"1" range:"[1,10000]" doc:"how many steps are predicted at once"`
	Season    int    `default:"0" range:"[1,)" doc:"steps after which the series repeats itself, for the seasonal naive forecast in the reports: 12 for months (default: inferred from the order column, if its rows are a month, quarter, week, day or hour apart)"`
	Normalize string `default:"zscore" oneof:"zscore|minmax|robust|log1p|log_zscore|log1p_zscore|none" doc:"the scale on which it is learned; predictions are denormalized"`
}

// Numbers reports that all fields are numbers.
func (s *SeriesTarget) Numbers() bool { return true }

func (s *SeriesTarget) Encoder() TargetEncoder { return &SeriesTargetEncoder{} }

func (s *SeriesTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	if f.Table.Time == nil { // its rows do not follow one another, a mistake that was reported
		return nil
	}
	numbers, _ := numbersOf(column, f.History, make([]float64, len(f.History)))
	if len(numbers) == 0 {
		f.Problem("", "%s", f.noNumber(column))
		return nil
	}
	look := shapeOf(numbers)
	scaling, _ := fitScaling(s.Normalize, numbers)
	if g, ok := givenTarget(f, column.Name, func(g *SeriesTargetEncoder) bool { return onOneScale(&g.Scaling, &scaling) }); ok {
		scaling = g.Scaling
	}
	warnScale(f, column.Name, s.Normalize, look, &scaling)
	e := &SeriesTargetEncoder{Column: column.Name, Horizon: s.Horizon, Season: s.Season, Scaling: scaling}
	longest := f.Table.Time.Longest(f.History)
	if e.Season >= longest {
		f.Problem("season", "is %s, but the training split has at most %s per series: no value lies a season before another", phrase.Count(e.Season, "row"), phrase.Thousands(longest))
		return nil
	}
	if e.Season == 0 {
		switch season := f.Table.Time.Season(); {
		case season >= longest:
			f.Note("%s: the season would be %d rows (%s), but the training split has %d; forecasts are compared with the last value only", column.Name, season, f.Table.Time.Spacing(), longest)
		case season > 0:
			e.Season = season
			f.Note("%s: the season is %d rows (%s); target: {season: N} sets another", column.Name, e.Season, f.Table.Time.Spacing())
		}
	}
	f.warnSeason(e)
	return e
}

// SeriesTargetEncoder is one step of a fitted SeriesTarget.
type SeriesTargetEncoder struct {
	Column  string  `json:"column"`
	Ahead   int     `json:"ahead"` // steps after the first predicted one
	Horizon int     `json:"horizon"`
	Season  int     `json:"season,omitempty"` // 0 for none
	Scaling Scaling `json:"scaling"`
	From    *base   `json:"base,omitempty"` // what it is relative to; nil: to 0
}

func (e *SeriesTargetEncoder) Kind() string { return "number" }

func (e *SeriesTargetEncoder) Encode(field string) (uint32, error) {
	x, ok := numeral.Parse(field)
	if !ok {
		return 0, Wrong(0, numeral.NotNumber(field))
	}
	y, err := e.Scaling.Apply(x)
	return math.Float32bits(y), err
}

// StepName is the name of the step.
func (e *SeriesTargetEncoder) StepName() string {
	if e.Horizon == 1 {
		return e.Column
	}
	return e.Column + "+" + strconv.Itoa(e.Ahead+1)
}

// At returns the encoder of another step.
func (e *SeriesTargetEncoder) At(steps int) TargetEncoder {
	other := *e
	other.Ahead = steps
	return &other
}

// StepsAhead is the horizon.
func (s *SeriesTarget) StepsAhead() int { return s.Horizon }

// Source is the column, and the number of steps after the first predicted one.
func (e *SeriesTargetEncoder) Source() (column string, ahead int) { return e.Column, e.Ahead }

// Steps is the horizon.
func (e *SeriesTargetEncoder) Steps() int { return e.Horizon }

// SeasonSteps is after how many steps the series repeats itself, 0 if unknown.
func (e *SeriesTargetEncoder) SeasonSteps() int { return e.Season }

// Offset is the channel of an input whose offset the number is relative to.
func (e *SeriesTargetEncoder) Offset() (input, channel int, ok bool) {
	if e.From == nil {
		return 0, 0, false
	}
	return e.From.Input, e.From.Channel, true
}

// SetOffset makes the number relative to the offset of a channel.
func (e *SeriesTargetEncoder) SetOffset(input, channel int) { e.From = &base{input, channel} }

// Scale is the scale on which the number is learned.
func (e *SeriesTargetEncoder) Scale() *Scaling { return &e.Scaling }
