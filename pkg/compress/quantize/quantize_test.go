package quantize

import (
	"errors"
	"math"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/model"
	"dnn/pkg/weights"
)

// quantized is the golden model of images, quantized.
func quantized(t *testing.T, change func(s *Settings)) (*model.File, *Report, error) {
	t.Helper()
	f, err := model.Load("../../../testdata/golden/image/final/best.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	train, err := f.Part("train")
	if err != nil {
		t.Fatal(err)
	}
	s := Defaults()
	s.MaxLoss = 1
	change(&s)
	pool := parallel.New(2)
	defer pool.Close()
	rows := Part(train, 40, 1)
	return Apply(f, Data{rows, rows}, s, pool)
}

func TestApply(t *testing.T) {
	dynamic, report, err := quantized(t, func(*Settings) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(dynamic.Net.Forms.Of) == 0 || len(report.Layers) == 0 || report.Loss <= 0 {
		t.Fatalf("%+v, %+v", dynamic.Net.Forms, report)
	}
	for _, l := range report.Layers {
		if l.Form != "int8" || l.After >= l.Before || l.Kept != "" {
			t.Errorf("%+v", l)
		}
	}
	calibrated, _, err := quantized(t, func(s *Settings) { s.Activations = "calibrated" })
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range calibrated.Net.Forms.Of {
		if form.(*weights.Int8).Input <= 0 {
			t.Errorf("%s has no scale", name)
		}
	}
	first := report.Layers[0].Name
	kept, report, err := quantized(t, func(s *Settings) { s.Keep = []string{first}; s.Activations = "none" })
	if err != nil || report.Layers[0].Kept != KeptAsAsked || report.Layers[0].Form != Float32 || len(kept.Net.Forms.Of) != len(dynamic.Net.Forms.Of)-1 {
		t.Errorf("%v, %+v", err, report)
	}
	if _, _, err := Apply(kept, Data{}, Defaults(), nil); !refused(err, "quantized already") {
		t.Errorf("quantized twice: %v", err)
	}
	if _, _, err := quantized(t, func(s *Settings) { s.Keep = []string{"*"} }); !refused(err, "no layer that can be quantized") {
		t.Errorf("all kept: %v", err)
	}
	blocks, report, err := quantized(t, func(s *Settings) { s.Weights = "int4" })
	if err != nil || report.Layers[0].Form != "int4" || len(blocks.Net.Forms.Of) != len(dynamic.Net.Forms.Of) {
		t.Errorf("int4: %v", err)
	}
	half, _, err := quantized(t, func(s *Settings) { s.Weights = "bf16" })
	if err != nil || weights.Key(half.Net.Forms.Of[half.Net.Forms.Names()[0]]) != "bf16" {
		t.Errorf("bf16: %v", err)
	}
}

// A layer that raises the loss by more than it may stays float32.
func TestSensitive(t *testing.T) {
	_, report, err := quantized(t, func(s *Settings) { s.MaxLoss = -1 })
	if !refused(err, "lose too much") {
		t.Fatal(err)
	}
	for _, l := range report.Layers {
		if l.Kept != KeptByLoss || l.After != l.Before {
			t.Errorf("%+v", l)
		}
	}
}

func TestNotFinite(t *testing.T) {
	f, err := model.Load("../../../testdata/golden/table/final/best.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	nan := f.State.Data(model.VarWeights)
	nan[0] /= 0 * nan[0]
	if _, _, err := Apply(f, Data{}, Defaults(), nil); !refused(err, "which int8 has no number for") {
		t.Error(err)
	}
}

func refused(err error, why string) bool {
	var r *Refused
	return errors.As(err, &r) && strings.Contains(err.Error(), why)
}

// A scale loses what rounds to 0, which is below half of it.
func TestLost(t *testing.T) {
	var s sizes
	s.add([]float32{0, 0, 1, -1, 3, 100, 1e-40})
	for scale, want := range map[float32]float64{0: 0, 1: 0.2, 4: 0.6, 3e38: 1} {
		if got := s.lost(scale); math.Abs(got-want) > 1e-9 {
			t.Errorf("scale %v loses %v, want %v", scale, got, want)
		}
	}
}
