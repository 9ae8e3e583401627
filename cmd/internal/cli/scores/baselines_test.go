package scores

import (
	"bytes"
	"strings"
	"testing"

	"dnn/cmd/internal/cli/term"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
)

// scored are the scores of a net in one metric, next to those of baselines.
func scored(metric string, value float64, baselines ...infer.Baseline) *infer.Scores {
	return &infer.Scores{Rows: 50, Heads: []infer.HeadScores{{Metrics: named(metric, value), Baselines: baselines}}}
}

func named(metric string, value float64) []metrics.Named {
	return []metrics.Named{{Name: metric, Result: metrics.Result{Value: value}}}
}

// A net that repeats the last value at least learned something, if less than to look at the season.
func TestNothingOfUse(t *testing.T) {
	for _, c := range []struct {
		naive, seasonal bool // beaten
		warns, nothing  bool
	}{{true, true, false, false}, {true, false, true, false}, {false, true, true, true}, {false, false, true, true}} {
		var err bytes.Buffer
		WarnOfBaselines(term.New(nil, nil, &err), "test", scored("rmse", 1, infer.Baseline{Name: "naive", Beaten: c.naive}, infer.Baseline{Name: "seasonal_naive", Beaten: c.seasonal}))
		if got := err.String(); (got != "") != c.warns || strings.Contains(got, "nothing of use") != c.nothing {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

// A warning says that the best weights are no better than the most frequent class in the monitored figure.
func TestMonitoredFigureIsThatOfTheBaseline(t *testing.T) {
	base := infer.Baseline{Name: "majority_class", Does: "predicting the most frequent class", Constant: true, Metrics: named("f1", 0)}
	for value, want := range map[float64]string{
		0:   "warning: validation_f1 of the best epoch is 0.0000, and predicting the most frequent class for every row has 0.0000: by that figure no epoch was of use; train.monitor: validation_loss may choose better weights\n",
		0.1: "",
	} {
		var err bytes.Buffer
		if WarnOfMonitor(term.New(nil, nil, &err), "validation_f1", true, scored("f1", value, base)); err.String() != want {
			t.Errorf("F1 %v: %q, want %q", value, err.String(), want)
		}
		if WarnOfMonitor(term.New(nil, nil, &err), "validation_loss", false, scored("f1", value, base)); err.String() != want {
			t.Errorf("the loss says nothing of F1: %q", err.String())
		}
	}
}
