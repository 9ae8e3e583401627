package schedule

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"dnn/pkg/spec"
)

// reference is one case of testdata/reference/schedules.json: the rate of each step, or after each observation.
type reference struct {
	Name     string
	Schedule string
	Settings map[string]any
	Watched  []float64
	Rates    []float64
}

func references(t *testing.T) []reference {
	text, err := os.ReadFile("../../../testdata/reference/schedules.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []reference }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

// names translates the settings of the reference into the spec's.
var names = map[string]string{
	"warmup_start": "warmup_from", "warmup_fraction": "rise", "divisor": "division", "final_divisor": "final_division",
	"shape": "anneal", "min": "minimum", "steps": "length",
}

// spell writes a reference's settings as they stand in a spec.
func (r reference) spell() map[string]any {
	out := map[string]any{"type": r.Schedule}
	for k, v := range r.Settings {
		if to, ok := names[k]; ok {
			k = to
		}
		out[k] = v
	}
	switch r.Schedule {
	case "cosine_restarts":
		out["type"], out["unit"] = "cosine", "step"
		out["restarts"] = map[string]any{"first": out["period"], "growth": out["factor"]}
		delete(out, "period")
		delete(out, "factor")
	case "cosine", "polynomial", "one_cycle", "step", "multi_step", "exponential":
		out["unit"] = "step"
	case "plateau":
		delete(out, "mode")
	}
	return out
}

// parse reads a schedule as the value of a key.
func parse(t *testing.T, value string) Schedule {
	t.Helper()
	s, err := tryParse(value)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func tryParse(value string) (Schedule, error) {
	d, err := spec.Parse("spec.yaml", []byte("rate: "+value+"\n"), nil)
	if err != nil {
		return nil, err
	}
	var into struct{ Rate Schedule }
	var p spec.Problems
	d.Decode(&into, &p)
	return into.Rate, p.Err(d)
}

func TestReference(t *testing.T) {
	for _, r := range references(t) {
		t.Run(r.Name, func(t *testing.T) {
			text, _ := json.Marshal(r.spell())
			s := parse(t, string(text))
			var observed []float64
			for k, want := range r.Rates {
				if o, ok := s.(Observer); ok {
					observed = o.Observe(observed, r.Watched[k], r.Settings["mode"] == "max")
				}
				at := Position{Step: k, StepsPerEpoch: 7, TotalSteps: 1000, Observed: observed}
				if got := s.Rate(at); math.Abs(got-want) > 1e-15+1e-12*want {
					t.Errorf("step %d: got %v, want %v", k, got, want)
				}
			}
		})
	}
}

// TestEpochs: a schedule in epochs is the one in steps, each rate lasting an epoch.
func TestEpochs(t *testing.T) {
	for _, r := range references(t) {
		s := r.spell()
		if s["unit"] != "step" || len(r.Watched) > 0 {
			continue
		}
		switch s["type"] {
		case "step", "multi_step", "exponential":
		default:
			continue
		}
		delete(s, "unit")
		text, _ := json.Marshal(s)
		inEpochs := parse(t, string(text))
		for k := range 5 * len(r.Rates) {
			at := Position{Step: k, StepsPerEpoch: 5, TotalSteps: 1000}
			if got, want := inEpochs.Rate(at), r.Rates[k/5]; math.Abs(got-want) > 1e-12*want {
				t.Errorf("%s, step %d: got %v, want %v", r.Name, k, got, want)
			}
		}
	}
}

// TestWholeTraining: without a length a span is the whole training, and a length in epochs is as many epochs.
func TestWholeTraining(t *testing.T) {
	for _, r := range references(t) {
		s := r.spell()
		length, ok := s["length"].(float64)
		if !ok {
			continue
		}
		delete(s, "length")
		delete(s, "unit")
		text, _ := json.Marshal(s)
		whole := parse(t, string(text))
		s["length"] = 1
		text, _ = json.Marshal(s)
		epoch := parse(t, string(text))
		for k, want := range r.Rates {
			got := whole.Rate(Position{Step: k, StepsPerEpoch: 2, TotalSteps: int(length)})
			same := epoch.Rate(Position{Step: k, StepsPerEpoch: int(length), TotalSteps: 7000})
			if math.Abs(got-want) > 1e-15+1e-12*want || same != got {
				t.Errorf("%s, step %d: got %v and %v, want %v", r.Name, k, got, same, want)
			}
		}
	}
}
