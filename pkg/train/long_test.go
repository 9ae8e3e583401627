//go:build long

package train_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	_ "dnn/pkg/compress" // registers the steps that specs name
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// floors are the figures of the test split that each sample spec reaches, median of three seeds.
var floors = map[string]struct {
	metric string
	least  float64
}{
	"mlp":        {"accuracy", 0.97},
	"binary":     {"accuracy", 0.95},
	"regression": {"r2", 0.30},
	"digits":     {"accuracy", 0.97},
	"compress":   {"accuracy", 0.93},
	"skip":       {"accuracy", 0.97},
	"gpt":        {"token_accuracy", 0.48},
	"cnn":        {"accuracy", 0.94},
	"resnet":     {"accuracy", 0.94},
	"lstm":       {"accuracy", 0.95},
	"attention":  {"accuracy", 0.85},
}

func TestSampleSpecsReachTheirFigures(t *testing.T) {
	specs, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(specs) == 0 {
		t.Fatal("no specs in configs/", err)
	}
	for _, path := range specs {
		name := filepath.Base(path[:len(path)-len(".yaml")])
		floor, ok := floors[name]
		if !ok {
			t.Errorf("%s has no figure to reach in this test", path)
			continue
		}
		t.Run(name, func(t *testing.T) {
			var figures []float64
			for seed := 1; seed <= 3; seed++ {
				figures = append(figures, scoreOf(t, path, seed, floor.metric))
			}
			t.Logf("%s %v", floor.metric, figures)
			slices.Sort(figures)
			if figures[1] < floor.least {
				t.Errorf("median %s %v, want at least %v", floor.metric, figures[1], floor.least)
			}
		})
	}
}

func scoreOf(t *testing.T, path string, seed int, metric string) float64 {
	t.Helper()
	doc, err := spec.Load(path, []string{fmt.Sprintf("seed=%d", seed)})
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := train.New(job, train.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if err := tr.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	res, err := tr.Finish(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return res.Parts[len(res.Parts)-1].Scores.Get(metric)
}
