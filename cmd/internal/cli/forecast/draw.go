package forecast

import (
	"math"

	"dnn/cmd/internal/cli/exit"
	"dnn/internal/parallel"
	"dnn/internal/plot"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/infer"
	"dnn/pkg/model"
)

// draw draws the first series.
func (f *options) draw(file *model.File, fc *forecast.Forecast, pool *parallel.Pool, of *bounds) error {
	var tested [][]float64
	if f.data == "" {
		var err error
		if tested, err = f.tested(file, fc, pool); err != nil {
			return err
		}
	}
	title := file.Net.Config.Name
	if name := fc.Group(0); name != "" {
		title += ", " + name
	}
	pic := plot.Forecast{Title: title, Horizon: file.Net.Heads[0].Horizon, Coverage: of.coverage()}
	times := fc.Times(0)
	for k, name := range fc.Columns() {
		ahead := fc.Values(0, k)
		most := max(48, 3*len(ahead))
		if tested != nil { // with all of the test split, unless the forecast would be too small to see next to it
			most = max(most, min(len(tested[k])+24, max(120, 10*len(ahead))))
		}
		line := plot.ForecastLine{Name: name, Past: fc.Past(0, k, most), Ahead: ahead}
		line.Low, line.High = of.around(k, ahead)
		if tested != nil {
			line.Tested = tested[k][max(0, len(tested[k])-len(line.Past)):]
		}
		pic.Lines = append(pic.Lines, line)
		pic.Times = append(fc.PastTimes(0, most), times...)
	}
	if err := plot.DrawForecast(f.plot[:len(f.plot)-len(".png")], pic); err != nil {
		return exit.Written(err)
	}
	f.term.Note("drew %s", f.plot)
	return nil
}

// tested are predictions of the test split, by column, up to the end of the first series; nil where there are none. The net
// predicts horizon after horizon, each from the true values before it, as far ahead as it was trained for.
func (f *options) tested(file *model.File, fc *forecast.Forecast, pool *parallel.Pool) ([][]float64, error) {
	part, err := file.Part("test")
	if err != nil {
		f.term.Note("the predictions of the test split are not drawn: the data has changed since training")
		return nil, nil
	}
	if part == nil {
		return nil, nil
	}
	rows, back := fc.Tested(0, part)
	if len(rows) == 0 {
		f.term.Note("the predictions of the test split are not drawn: it has no row of the series %s", fc.Group(0))
		return nil, nil
	}
	n := file.Net
	horizon, width := n.Heads[0].Horizon, n.Heads[0].Width
	lists := make([][]float64, width/horizon)
	for k := range lists {
		lists[k] = make([]float64, back[0])
		for i := range lists[k] {
			lists[k][i] = math.NaN()
		}
	}
	runner := infer.NewRunner(n, file.State, pool, true)
	var own []float64
	for from := 0; from < len(rows); {
		to := min(from+n.ScoreRows(), len(rows))
		if err := part.Fill(runner.Batch(), rows[from:to]); err != nil {
			return nil, err
		}
		outs, err := runner.Run()
		if err != nil {
			return nil, err
		}
		own = infer.Denormalize(&n.Heads[0], own, outs[0].Prediction)
		for ; from < to; from++ {
			one := own[:width]
			own = own[width:]
			for k := range lists {
				copy(lists[k][back[0]-back[from]:], one[k*horizon:(k+1)*horizon])
			}
		}
		own = own[:0]
	}
	return lists, nil
}
