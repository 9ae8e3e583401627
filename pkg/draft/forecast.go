package draft

import (
	"errors"
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/survey"
)

const (
	growth   = 3.0 // times as high as low, from which a series is taken on a logarithmic scale
	windowed = 30  // rows of history where no season is known
)

// mayForecast says why a target cannot be forecast.
func (d *tabular) mayForecast(official bool) error {
	c := d.seen.Dates
	const needs = "--horizon needs evenly spaced dates; "
	switch {
	case d.target.kind != "number":
		return fmt.Errorf("--horizon is for forecasts of numbers, and %s holds words", d.target.Name)
	case official:
		return errors.New("--horizon is for one file, whose last rows are the test split; leave official splits out")
	case c == nil && d.seen.Unclear != "":
		return fmt.Errorf("%sthe column %s; write a spec with it, or the dates as 2024-12-25", needs, d.seen.Unclear)
	case c == nil:
		return fmt.Errorf("%s%s has no column of dates or times without gaps", needs, d.Data)
	case !c.Unique:
		return fmt.Errorf("%s%s occurs twice in the column %s", needs, c.Twice, c.Name)
	case c.Even:
		return nil
	}
	return fmt.Errorf("%sin the column %s most are %s apart, and %s of %s longer", needs, c.Name, c.Step, phrase.Thousands(c.Odd), phrase.Count(len(c.At)-1, "step"))
}

// forecast drafts a net for a series in time.
func (d *tabular) forecast() error {
	s, t := d.seen, d.target
	horizon := max(1, d.Horizon)
	window := windowed
	if season := s.Clock.Season; season > 0 {
		window = 2 * season
		for window < windowed && window+season <= 2*windowed {
			window += season
		}
	}
	if most := max(1, s.Rows/5); window > most { // few rows: as many whole seasons as there may be
		window = most
		if season := s.Clock.Season; season > 0 && most > season {
			window = most / season * season
		}
	}
	if s.Rows < 5*(horizon+2) {
		return fmt.Errorf("%s has %s, too few to forecast %d steps", d.Data, counted(s.Rows), horizon)
	}
	normalize := ""
	if n := t.Numbers; n.Positive() && n.High > growth*n.Low {
		normalize = ", normalize: log_zscore"
	}
	name := word(t.Name)
	d.about = fmt.Sprintf("Forecasts %s from the %s before.", t.Name, counted(window))
	d.see("series   %s, %s to %s, %s apart%s", t.Name, s.Clock.First(), s.Clock.Last(), s.Clock.Step, seasonText(s.Clock.Season))
	d.see("target   %s: %s", nextValues(horizon, t.Name), rangeOf(t.Column))
	by := word(s.Clock.Name)
	if len(s.Clock.Parts) > 0 {
		by = "[" + words(s.Clock.Parts) + "]"
	}
	d.dataset.add("order_by: %s", by).note("%s to %s, %s apart", s.Clock.First(), s.Clock.Last(), s.Clock.Step)
	if s.Clock.Missing {
		d.dataset.add("every: auto").note("some rows are missing: they are filled in, so that rows count time")
	}
	var others []*survey.Column
	for _, c := range s.Inputs() {
		if c.Type == "number" && c != s.Clock.Column {
			others = append(others, c)
		}
	}
	d.dataset.add("inputs:")
	d.dataset.in(2, "- {column: %s, type: series, window: %d%s}", name, window, normalize).note("the rows before")
	if len(others) > 0 {
		d.dataset.in(2, "- name: others").note("what else is known of the rows before")
		d.dataset.wrapped(4, "columns", others)
		d.dataset.in(4, "type: series")
		d.dataset.in(4, "window: %d", window)
		d.see("others   %s: their rows before", few(namesOf(others), 12))
	}
	season := ""
	if s.Clock.Season > 0 {
		season = fmt.Sprintf(", season: %d", s.Clock.Season)
	}
	d.dataset.add("target: {column: %s, type: series, horizon: %d%s%s}", name, horizon, season, normalize).note("horizon: how many rows ahead")
	validation, test := s.Rows*15/100, s.Rows/5
	d.dataset.add("split: {order: true, validation: %d, test: %d}", validation, test).note("rows; the last ones are the test")
	d.forecastNet(len(others) > 0)
	return nil
}

// forecastNet writes a recurrent net over the rows before.
func (d *tabular) forecastNet(several bool) {
	s := d.seen
	rows := s.Rows * 65 / 100
	units, batch, updates := 32, 64, 3000
	if rows < 1000 {
		batch, updates = 16, 1500
	}
	if several {
		d.layers.add("- {type: concat, inputs: [%s, others]}", word(s.Target.Name)).note("side by side at each step")
	}
	d.layers.add("- {type: gru, units: %d}", units).note("its last state")
	d.layers.add("- {type: dense, units: targets}").note("one output for each step of the horizon")
	steps := max(1, (rows+batch-1)/batch)
	epochs := max(5, (updates+steps-1)/steps)
	d.rest.add("loss: mse")
	d.rest.add("optimizer: {type: adam, learning_rate: 0.003}")
	metrics := "rmse, mae"
	if s.Clock.Season > 0 {
		metrics += fmt.Sprintf(", {type: mase, season: %d}", s.Clock.Season)
	}
	d.rest.add("metrics: [%s]", metrics).note("naive forecasts are scored next to them")
	d.rest.add("train: {epochs: %d, batch_size: %d, early_stopping: {patience: %d}}", epochs, batch, max(5, epochs/4)).
		note("some %s updates; the best weights on validation are kept", roundCount(epochs*steps))
}

// nextValues names what is forecast.
func nextValues(horizon int, name string) string {
	if horizon == 1 {
		return "the next value of " + name
	}
	return fmt.Sprintf("the next %d values of %s", horizon, name)
}

func seasonText(season int) string {
	if season == 0 {
		return ""
	}
	return fmt.Sprintf(", a season of %d", season)
}

func namesOf(list []*survey.Column) (names []string) {
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names
}
