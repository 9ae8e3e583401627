package spec

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// awkward are texts that YAML would take for something else, or that need care.
var awkward = []string{
	"", " ", "a", "null", "~", "Null", "true", "no", "yes", "5", "1e-4", "0x10", ".inf", ".nan", "-", "- a", "a: b", "a:", "#", "a #b", "<<", "=", "*a", "&a", "!a",
	"[", "{a}", "\"", "'", "it's", "\\", "C:\\data", "two\nlines", "two\nlines\n", "\n", "\ttab", "tab\t", " blank", "blank ", "\r", "a\r\nb", "é", "日本", "\u2028", "\ufeff",
	"\x00", "\x7f", "\U0001F600", "2024-01-01", "1_000", "012", "%x", "@x", "`x`", "|", ">", "? a", ",", "a, b", "---", "...", "a.b", "x y",
}

// random makes configs with something of everything.
type random struct{ *rand.Rand }

func (r random) text() string { return awkward[r.IntN(len(awkward))] }

func (r random) number() float64 {
	return []float64{0, 1, 0.5, 1e-4, 123456789, 1e15, 1e16, 1e-300, 1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, 1.0 / 3, 1 + 1e-15, r.Float64()}[r.IntN(14)]
}

func (r random) texts() (list []string) {
	for range r.IntN(4) {
		list = append(list, r.text())
	}
	return list
}

func (r random) schedule() schedule {
	if r.IntN(2) == 0 {
		return &constant{r.number()}
	}
	return &cosine{r.number(), r.IntN(100)}
}

func (r random) layers(depth int) []entry {
	list := make([]entry, 1+r.IntN(3))
	for i := range list {
		e := entry{Name: r.text(), Inputs: r.texts(), Trainable: r.IntN(2) == 0}
		switch r.IntN(5) {
		case 0:
			e.Kind = &dense{size{N: r.IntN(100)}, "relu", Common{r.IntN(2) == 0}}
		case 1:
			e.Kind = &dense{size{Word: "classes"}, "none", Common{true}}
		case 2:
			e.Kind = &dropout{math.Mod(r.number(), 1)}
		case 3:
			e.Kind = &flatten{}
		default:
			if e.Kind = (&flatten{}); depth < 3 {
				e.Kind = &repeat{1 + r.IntN(9), r.layers(depth + 1)}
			}
		}
		list[i] = e
	}
	return list
}

func (r random) config() *config {
	c := &config{Name: r.text(), Seed: r.Uint64() >> r.IntN(64), Layers: r.layers(0), Header: r.texts()}
	c.Optimizer = &adam{r.schedule(), []float64{r.Float64(), 0}}
	if r.IntN(2) == 0 {
		c.Optimizer = &sgd{r.schedule(), 0.5}
	}
	c.Train = training{Epochs: r.IntN(5), Batch: 1 + r.IntN(4096), Shuffle: r.IntN(2) == 0}
	if r.IntN(2) == 0 {
		c.Train.Stopping = &earlyStopping{1 + r.IntN(9), 0, r.number()}
	}
	if x := r.number() + 1e-300; r.IntN(2) == 0 {
		c.Train.Clip = &x
	}
	for range r.IntN(3) {
		c.Train.Places = append(c.Train.Places, []int{r.IntN(1 << 40), -r.IntN(1 << 40)})
	}
	if r.IntN(2) == 0 {
		c.Weights = map[string]float64{}
		for range r.IntN(4) {
			c.Weights[r.text()] = r.number() + 1e-300
		}
	}
	return c
}

// TestRoundTrip: a resolved spec reads back as the same settings and is written as the same bytes.
func TestRoundTrip(t *testing.T) {
	for i := range uint64(500) {
		c := random{rand.New(rand.NewPCG(1, i))}.config()
		text := Encode(c)
		back, mistakes := read(t, string(text))
		if mistakes != "" {
			t.Fatalf("%s\n%s", text, mistakes)
		}
		if again := Encode(back); !bytes.Equal(text, again) {
			t.Fatalf("%s\nbecame\n%s", text, again)
		}
		if len(c.Header) == 0 {
			c.Header = []string{} // the default, which absence means
		}
		if !reflect.DeepEqual(c, back) {
			t.Fatalf("%s\nwas read as %+v, not %+v", text, back, c)
		}
	}
}

// TestEncode: every default is visible, what was not given is not, and short things lie on one line.
func TestEncode(t *testing.T) {
	c, mistakes := read(t, "layers: [flatten, {type: dense, units: 3}]\ntrain: {clip: null}\nweights: {}\noptimizer: {type: adam, learning_rate: {type: cosine, initial: 2}}\n")
	want := `seed: 0
layers:
  - {type: flatten, trainable: true}
  - {type: dense, units: 3, activation: none, bias: true, trainable: true}
optimizer:
  type: adam
  learning_rate: {type: cosine, initial: 2, warmup: 0}
  betas: [0.9, 0.999]
train:
  batch_size: 32
  shuffle: true
  clip: null
weights: {}
`
	if got := string(Encode(c)); got != want || mistakes != "" {
		t.Errorf("got\n%s\n%s", got, mistakes)
	}
}

func TestNewAndKeyOf(t *testing.T) {
	s := New[optimizer]("sgd")
	if !reflect.DeepEqual(s, &sgd{&constant{0.01}, 0}) || KeyOf(s) != "sgd" || KeyOf[optimizer](nil) != "" {
		t.Errorf("got %+v, %q", s, KeyOf(s))
	}
	var e earlyStopping
	Defaults(&e)
	if e != (earlyStopping{10, 0, 1}) {
		t.Errorf("got %+v", e)
	}
}

func TestAllKinds(t *testing.T) {
	var whats []string
	for _, k := range AllKinds() {
		whats = append(whats, k.What)
		if k.What == "layer" {
			d := k.List[0]
			if k.Key != "type" || len(k.List) != 4 || d != (KindInfo{"dense", "a matrix and a bias", reflect.TypeFor[dense](), false}) || !k.List[1].Bare {
				t.Errorf("got %+v", k)
			}
		}
	}
	if !reflect.DeepEqual(whats, []string{"layer", "optimizer", "schedule"}) {
		t.Errorf("got %v", whats)
	}
	if what, key, ok := KindOf(reflect.TypeFor[layer]()); what != "layer" || key != "type" || !ok {
		t.Errorf("got %q, %q, %v", what, key, ok)
	}
}

// TestNumbersForOtherReaders: a number with an exponent has a point, without which readers of YAML 1.1 take it for a text.
func TestNumbersForOtherReaders(t *testing.T) {
	for x, want := range map[float64]string{1e-8: "1.0e-08", 2.5e-7: "2.5e-07", 1e16: "1.0e+16", -1e300: "-1.0e+300", 1e-4: "0.0001", 64: "64", 0.5: "0.5"} {
		if got := formatNumber(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}
