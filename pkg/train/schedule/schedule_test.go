package schedule

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/spec"
)

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, Registry, func(s Schedule) int { return len(s.Cases()) })
}

// eachCase calls f with every case of every kind.
func eachCase(t *testing.T, f func(key string, c Case, s Schedule)) {
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			f(k.Key, c, parse(t, c.Spec))
		}
	}
}

func TestCases(t *testing.T) {
	eachCase(t, func(key string, c Case, s Schedule) {
		for k, want := range c.Rates {
			if got := s.Rate(Position{Step: k, StepsPerEpoch: 2, TotalSteps: 8}); math.Abs(got-want) > 5e-7 {
				t.Errorf("%s, step %d: got %v, want %v", c.Spec, k, got, want)
			}
		}
	})
}

// TestRoundTrip: the resolved spec of a schedule reads back as the same schedule.
func TestRoundTrip(t *testing.T) {
	eachCase(t, func(key string, _ Case, s Schedule) {
		out := strings.TrimSpace(string(spec.Encode(struct{ Rate Schedule }{s})))
		again := parse(t, strings.TrimPrefix(out, "rate:"))
		if !reflect.DeepEqual(s, again) || spec.KeyOf(s) != key {
			t.Errorf("%s: %v became %v by way of\n%s", key, s, again, out)
		}
	})
	if got := string(spec.Encode(struct{ Rate Schedule }{parse(t, "0.001")})); got != "rate: 0.001\n" {
		t.Errorf("a constant rate is written %q", got)
	}
}

// TestWarmup: every kind climbs in a straight line to the rate it has at the end of the warm-up.
func TestWarmup(t *testing.T) {
	warmed := map[string]bool{}
	eachCase(t, func(key string, c Case, s Schedule) {
		if !strings.Contains(c.Spec, "warmup: 3") {
			return
		}
		warmed[key] = true
		rate := func(k int) float64 { return s.Rate(Position{Step: k, StepsPerEpoch: 2, TotalSteps: 40}) }
		from, top := rate(0), rate(3)
		for k := range 3 {
			if want := from + (top-from)*float64(k)/3; math.Abs(rate(k)-want) > 1e-15 {
				t.Errorf("%s, step %d: got %v, want %v", key, k, rate(k), want)
			}
		}
		if key == "one_cycle" && from != 0.001 || key != "one_cycle" && from != 0 {
			t.Errorf("%s begins at %v", key, from)
		}
	})
	for _, key := range Registry.Keys() {
		if !warmed[key] {
			t.Errorf("%s has no case with a warm-up", key)
		}
	}
}

// TestAnyPosition: rates are finite and not negative wherever training stands, however short it is.
func TestAnyPosition(t *testing.T) {
	eachCase(t, func(key string, _ Case, s Schedule) {
		for _, total := range []int{0, 1, 2, 3, 4, 5, 100} {
			for k := range 130 {
				r := s.Rate(Position{Step: k, StepsPerEpoch: total / 4, TotalSteps: total})
				if !(r >= 0 && r <= 0.1000001) {
					t.Errorf("%s, step %d of %d: %v", key, k, total, r)
				}
			}
		}
	})
}

// TestAfterTheEnd: training that goes on past the planned end keeps the last rate.
func TestAfterTheEnd(t *testing.T) {
	for text, want := range map[string]float64{
		"{type: cosine, initial: 0.1, final: 0.01}":                       0.01,
		"{type: polynomial, initial: 0.1, final: 0.01, power: 2}":         0.01,
		"{type: one_cycle, max: 1, division: 10, final_division: 100}":    0.001,
		"{type: one_cycle, max: 1, anneal: linear, rise: 1, division: 4}": 1,
	} {
		if got := parse(t, text).Rate(Position{Step: 70, StepsPerEpoch: 5, TotalSteps: 50}); math.Abs(got-want) > 1e-15 {
			t.Errorf("%s ends at %v, want %v", text, got, want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"-0.1":                          "rate: -0.1 is out of range: want 0 or more",
		".nan":                          "unknown schedule",
		"inf":                           "+Inf is out of range",
		"cosin":                         "unknown schedule \"cosin\" (did you mean cosine?)",
		"{type: constant, initial: -1}": "rate.initial: -1 is out of range",
		"{type: cosine}":                "initial is missing",
		"{type: cosine, initial: 1, length: 3, restarts: {first: 3}}":    "rate.length: has no meaning with restarts",
		"{type: one_cycle, max: 0.2, rise: 1.5, momentum: [0.85, 0.95]}": "unknown key",
		"{type: multi_step, initial: 1, milestones: []}":                 "has 0 entries",
		"{type: step, initial: 1, every: 3, unit: epochs}":               "did you mean epoch?",
		"{type: plateau, initial: 0.1, factor: 1}":                       "rate.factor: 1 is out of range",
	} {
		_, err := tryParse(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestSampleForms reads the spellings of the sample specs.
func TestSampleForms(t *testing.T) {
	at := Position{Step: 100, StepsPerEpoch: 50, TotalSteps: 600}
	for text, want := range map[string]float64{
		"0.001": 0.001,
		"1e-4":  0.0001,
		"{type: cosine, initial: 0.003, warmup: 100}":                0.003,
		"{type: cosine, initial: 0.001, final: 0.0001, warmup: 100}": 0.001,
		"{type: inverse_sqrt, initial: 0.0007, warmup: 1000}":        0.00007,
		"{type: one_cycle, max: 0.2}":                                0.2 + (0.008-0.2)*(1+math.Cos(math.Pi*100/179))/2,
	} {
		if got := parse(t, text).Rate(at); math.Abs(got-want) > 1e-15 {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

// TestTransformers: the schedules of the sample specs are those of the paper and of nanoGPT, by the step, however long an
// epoch is.
func TestTransformers(t *testing.T) {
	rate := func(text string, step int) float64 {
		return parse(t, text).Rate(Position{Step: step, StepsPerEpoch: 227, TotalSteps: 2000})
	}
	for step := range 2000 {
		k := float64(step)
		vaswani := 0.0007 * math.Sqrt(1000) * min(1/math.Sqrt(max(1, k)), k*math.Pow(1000, -1.5))
		if got := rate("{type: inverse_sqrt, initial: 0.0007, warmup: 1000}", step); math.Abs(got-vaswani) > 1e-15 {
			t.Fatalf("inverse_sqrt, step %d: got %v, want %v", step, got, vaswani)
		}
		nanoGPT := 0.001 * k / 100
		if step >= 100 {
			nanoGPT = 0.0001 + 0.5*(1+math.Cos(math.Pi*(k-100)/(2000-100)))*(0.001-0.0001)
		}
		if got := rate("{type: cosine, initial: 0.001, final: 0.0001, warmup: 100}", step); math.Abs(got-nanoGPT) > 1e-15 {
			t.Fatalf("cosine, step %d: got %v, want %v", step, got, nanoGPT)
		}
	}
}

// TestPlateau: the rate is lowered when figures no longer get better, by what is in the position alone.
func TestPlateau(t *testing.T) {
	s := parse(t, "{type: plateau, initial: 0.1, patience: 1, cooldown: 1, factor: 0.5}").(*Plateau)
	figures := []float64{1, 0.9, math.NaN(), 0.95, 0.91, 0.92, 0.8, 0.85, 0.81, 0.9, 0.9, 0.9, 0.7}
	rates := []float64{.1, .1, .1, .05, .05, .05, .05, .05, .025, .025, .025, .0125, .0125}
	before := *s
	var at Position
	for i, figure := range figures {
		old := slices.Clone(at.Observed)
		next := s.Observe(at.Observed, figure, false)
		if !slices.Equal(old, at.Observed) {
			t.Fatalf("figure %d: Observe changed what was remembered before", i)
		}
		at.Observed = next
		if got := s.Rate(at); math.Abs(got-rates[i]) > 1e-15 {
			t.Errorf("figure %d: rate %v, want %v", i, got, rates[i])
		}
		if err := s.CheckObserved(at.Observed); err != nil {
			t.Error(err)
		}
	}
	if *s != before || s.Rate(Position{}) != 0.1 {
		t.Error("the schedule remembers a training")
	}
	if s.CheckObserved(nil) != nil || s.CheckObserved([]float64{1}) == nil {
		t.Error("the numbers of another kind are taken, or none are not")
	}
}

func TestRateDoesNotAllocate(t *testing.T) {
	eachCase(t, func(key string, _ Case, s Schedule) {
		if n := testing.AllocsPerRun(100, func() { s.Rate(Position{Step: 2, StepsPerEpoch: 2, TotalSteps: 9}) }); n > 0 {
			t.Errorf("%s allocates %v times", key, n)
		}
	})
}
