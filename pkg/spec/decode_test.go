package spec

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestValues decodes every spelling of a value that is taken.
func TestValues(t *testing.T) {
	five, tiny := 5.0, 1e-4
	for _, c := range []struct {
		text string
		get  func(*config) any
		want any
	}{
		{"seed: 18446744073709551615", func(c *config) any { return c.Seed }, uint64(1<<64 - 1)},
		{"seed: 9007199254740993", func(c *config) any { return c.Seed }, uint64(1<<53 + 1)},
		{"seed: +9_007_199_254_740_993", func(c *config) any { return c.Seed }, uint64(1<<53 + 1)},
		{"seed: 0x10", func(c *config) any { return c.Seed }, uint64(16)},
		{"seed: 0o17", func(c *config) any { return c.Seed }, uint64(15)},
		{"seed: 0b101", func(c *config) any { return c.Seed }, uint64(5)},
		{"seed: 1e3", func(c *config) any { return c.Seed }, uint64(1000)},
		{"seed: 0", func(c *config) any { return c.Seed }, uint64(0)},
		{"train: {batch_size: 1_000}", func(c *config) any { return c.Train.Batch }, 1000},
		{"train: {batch_size: 64.0}", func(c *config) any { return c.Train.Batch }, 64},
		{"train: {clip: 1e-4}", func(c *config) any { return c.Train.Clip }, &tiny},
		{"train: {clip: 5}", func(c *config) any { return c.Train.Clip }, &five},
		{"train: {clip: 5.}", func(c *config) any { return c.Train.Clip }, &five},
		{"train: {clip: .5e+1}", func(c *config) any { return c.Train.Clip }, &five},
		{"train: {clip: +5}", func(c *config) any { return c.Train.Clip }, &five},
		{"train: {clip: null}", func(c *config) any { return c.Train.Clip }, (*float64)(nil)},
		{"train: {}", func(c *config) any { return c.Train.Clip }, &five},
		{"train: {stopping: {high: .inf}}", func(c *config) any { return c.Train.Stopping.High > 1e308 }, true},
		{"train: {stopping: {}}", func(c *config) any { return *c.Train.Stopping }, earlyStopping{10, 0, 1}},
		{"train: {stopping: ~}", func(c *config) any { return c.Train.Stopping }, (*earlyStopping)(nil)},
		{"train: {shuffle: False}", func(c *config) any { return c.Train.Shuffle }, false},
		{"train: {places: [[1], 2, []]}", func(c *config) any { return c.Train.Places }, [][]int{{1}, {2}, {}}},
		{"name: \"5\"", func(c *config) any { return c.Name }, "5"},
		{"name: 5 apples", func(c *config) any { return c.Name }, "5 apples"},
		{"name: yes", func(c *config) any { return c.Name }, "yes"},
		{"name: |\n  two\n  lines", func(c *config) any { return c.Name }, "two\nlines\n"},
		{"name: !!str 5", func(c *config) any { return c.Name }, "5"},
		{"header: c0", func(c *config) any { return c.Header }, []string{"c0"}},
		{"header: [1, 1.10, no, 2024-01-01, \"null\"]", func(c *config) any { return c.Header }, []string{"1", "1.10", "no", "2024-01-01", "null"}},
		{"weights: {1: 2, a.b: 3}", func(c *config) any { return c.Weights }, map[string]float64{"1": 2, "a.b": 3}},
		{"optimizer: sgd", func(c *config) any { return c.Optimizer }, &sgd{&constant{0.01}, 0}},
		{"optimizer: {type: sgd, learning_rate: 3}", func(c *config) any { return c.Optimizer }, &sgd{&constant{3}, 0}},
		{"optimizer: {type: sgd, learning_rate: {type: cosine, initial: 1}}", func(c *config) any { return c.Optimizer }, &sgd{&cosine{1, 0}, 0}},
		{"", func(c *config) any { return c.Optimizer }, &adam{&constant{0.001}, []float64{0.9, 0.999}}},
		{"train: &t {epochs: 3}\n", func(c *config) any { return c.Train.Epochs }, 3},
		{"train: {<<: {epochs: 3, batch_size: 7}, epochs: 4}", func(c *config) any { return []int{c.Train.Epochs, c.Train.Batch} }, []int{4, 7}},
		{"train: {<<: [{epochs: 3}, {epochs: 5, batch_size: 7}]}", func(c *config) any { return []int{c.Train.Epochs, c.Train.Batch} }, []int{3, 7}},
		{"train: {<<: }", func(c *config) any { return c.Train.Batch }, 32},
	} {
		got, mistakes := read(t, with(c.text))
		if mistakes != "" {
			t.Errorf("%s: %s", c.text, mistakes)
		} else if v := c.get(got); !reflect.DeepEqual(v, c.want) {
			t.Errorf("%s: got %v, want %v", c.text, v, c.want)
		}
	}
}

// TestLayers decodes a nested net in block style with anchors.
func TestLayers(t *testing.T) {
	c, mistakes := read(t, `
layers:
  - &first {type: dense, units: 3}   # a comment
  - <<: *first
    name: second
    bias: false
    inputs: [first, other]
  - *first
  - dropout
  - type: repeat
    layers:
      - flatten
      - {type: dense, units: classes, activation: relu}
`, "layers[2].units=9")
	three := func(units size, bias bool) *dense {
		return &dense{Units: units, Activation: "none", Common: Common{Bias: bias}}
	}
	last := three(size{Word: "classes"}, true)
	last.Activation = "relu"
	want := []entry{
		{Kind: three(size{N: 3}, true), Trainable: true},
		{Kind: three(size{N: 3}, false), Trainable: true, Name: "second", Inputs: []string{"first", "other"}},
		{Kind: three(size{N: 9}, true), Trainable: true}, // an override of an alias changes nothing but its place
		{Kind: &dropout{0.5}, Trainable: true},
		{Kind: &repeat{2, []entry{{Kind: &flatten{}, Trainable: true}, {Kind: last, Trainable: true}}}, Trainable: true},
	}
	if mistakes != "" || !reflect.DeepEqual(c.Layers, want) {
		t.Errorf("got %+v\n%s", c.Layers, mistakes)
	}
}

// TestMistakesKeepDefaults: what is wrong keeps its default, so that later rooms can go on.
func TestMistakesKeepDefaults(t *testing.T) {
	c, _ := read(t, with("train: {batch_size: x, shuffle: 3}\noptimizer: adm"))
	if c.Train.Batch != 32 || !c.Train.Shuffle || c.Optimizer == nil {
		t.Errorf("got %+v", c)
	}
}

// TestBombs: a few lines that mean billions end in a message, in no time.
func TestBombs(t *testing.T) {
	laughs := "name: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'k'; c++ {
		laughs += strings.ReplaceAll(strings.ReplaceAll("B: &B [*A, *A, *A, *A, *A, *A, *A, *A, *A, *A]\n", "A", string(c-1)), "B", string(c))
	}
	merges := "a: &a {x: 1}\n"
	for c := 'b'; c <= 'z'; c++ {
		merges += strings.ReplaceAll(strings.ReplaceAll("B: &B {p: *A, q: *A, <<: [*A, *A]}\n", "A", string(c-1)), "B", string(c))
	}
	for name, c := range map[string]struct{ text, want string }{
		"laughs":  {laughs, "the aliases stand for more than 100000 values"},
		"merges":  {merges, "the aliases stand for more than 100000 values"},
		"deep":    {"layers: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested deeper than 200 levels"},
		"deeper":  {"layers: " + strings.Repeat("[", 1_000_000), "not valid YAML"},
		"blocks":  {"layers:\n" + strings.Repeat("- ", 5000) + "a", "nested deeper than 200 levels"},
		"repeats": {strings.Repeat("layers: [{type: repeat, ", 5000), "not valid YAML"},
		"keys":    {strings.Repeat("a: 1\n", 20_000), "duplicate key"},
		"many":    {"weights:\n" + manyKeys(20_000), "is out of range"},
		"unknown": {manyKeys(20_000), "unknown key"},
	} {
		start := time.Now()
		_, got := read(t, c.text)
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s", name, short(got))
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		} else if testing.Verbose() {
			t.Logf("%s: %v", name, took)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("  key" + string(rune('a'+i%26)) + strings.Repeat("x", i%7) + time.Duration(i).String() + ": 0\n")
	}
	return b.String()
}

// TestLargeSpec: a thousand layers are read in less than 50 ms (the bound here leaves room for a slow machine).
func TestLargeSpec(t *testing.T) {
	text := "layers:\n" + strings.Repeat("  - {type: dense, units: 64, activation: relu, name: x}\n  - dropout\n", 500)
	d, err := Parse("f", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	var p Problems
	d.Decode(&config{}, &p)
	if took := time.Since(start); p.Len() > 0 || took > 250*time.Millisecond {
		t.Errorf("took %v, %d mistakes", took, p.Len())
	} else if testing.Verbose() {
		t.Log(took)
	}
}

func BenchmarkDecode(b *testing.B) {
	text := "layers:\n" + strings.Repeat("  - {type: dense, units: 64, activation: relu, name: x}\n  - dropout\n", 500)
	for b.Loop() {
		read(b, text)
	}
}

// A key may be required unless another is there.
func TestRequiredUnless(t *testing.T) {
	type table struct {
		Size int    `required:"unless from" range:"[1,)" doc:"how long; with from, as long as that"`
		From string `doc:"a file"`
	}
	for text, want := range map[string]string{
		"size: 3":          "",
		"from: x":          "",
		"size: 3\nfrom: x": "",
		"{}":               "size is missing (how long)",
		"sise: 3":          "sise: unknown key (did you mean size?)",
		"from: [x]":        "from: want a text, got a list",
	} {
		doc, err := Parse("t.yaml", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p Problems
		doc.Decode(&table{}, &p)
		if got := strings.Join(p.Messages(), "\n"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if schema := string(Schema(&table{}, "t")); strings.Contains(schema, "required") {
		t.Errorf("the schema requires it:\n%s", schema)
	}
}
