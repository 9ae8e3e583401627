package synthetic_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/synthetic"
)

// generatorCases are what each generator makes, with its first row, which must stay what it is on every machine.
var generatorCases = map[string]struct{ settings, schema, first string }{
	"random_regression": {"features: 2, targets: 2", "features 2, number [y0 y1]", "-0.5189535 0.7116902 -0.2681093 0.3357157"},
	"blobs":             {"features: 3", "features 3, category [class]", "6.800252 3.155218 -4.925855 0"},
	"moons":             {"noise: 0", "features 2, category [class]", "-0.4813036 0.876554 0"},
	"spirals":           {"classes: 3", "features 2, category [class]", "0.6509017 0.08487719 0"},
	"adding":            {"length: 4", "features 8, number [y]", "0.6598365 0.6514217 0.1278513 0.7275288 0 1 1 0 0.779273"},
	"copy":              {"length: 3, delay: 2, symbols: 4, inputs: [{column: text, type: text, tokenizer: char}]", "text 9, category [tags]", "cca__:___ ______cca"},
	"xor":               {"noise: 0, features: 3", "features 3, category [class]", "0 0 0 0"},
}

func TestGenerators(t *testing.T) {
	for _, kind := range synthetic.Generators.Kinds() {
		c, ok := generatorCases[kind.Key]
		if !ok {
			t.Errorf("the generator %q has no case", kind.Key)
			continue
		}
		settings, _ := datasettest.SettingsOf(t, fmt.Sprintf("{format: synthetic, rows: 1, generator: %s, %s}", kind.Key, c.settings))
		first := ""
		settings.Format.(*synthetic.Synthetic).Generator.Generate(1, 1, func(x []float64, y []string) {
			for _, v := range x {
				first += synthetic.Digits(v) + " "
			}
			first += strings.Join(y, " ")
		})
		if first != c.first {
			t.Errorf("%s: the first row is %s, not %s", kind.Key, first, c.first)
		}
		section := fmt.Sprintf("{format: synthetic, rows: 120, generator: %s, %s}", kind.Key, c.settings)
		d := datasettest.MustLoad(t, "", section)
		if got := fmt.Sprintf("%s %d, %s %v", d.Schema.Blocks[0].Name, d.Schema.Blocks[0].Shape[0], d.Schema.Heads[0].Kind, d.Schema.Heads[0].Columns); got != c.schema {
			t.Errorf("%s: %s", kind.Key, got)
		}
		if d.Train.Rows() != 96 || d.Validation.Rows() != 12 || d.Test.Rows() != 12 {
			t.Error(kind.Key, d.Train.Rows())
		}
		again := datasettest.MustLoad(t, "", section)
		other, _ := datasettest.TryLoad(t, "", section, 2)
		if d.Digest != again.Digest || d.Digest == other.Digest {
			if kind.Key != "xor" { // without noise there is nothing to draw
				t.Errorf("%s: the rows do not follow the seed", kind.Key)
			}
		}
	}
}

func TestGeneratorRows(t *testing.T) {
	var rows []string
	(&synthetic.XOR{Features: 2}).Generate(4, 1, func(x []float64, y []string) { rows = append(rows, fmt.Sprint(x, y)) })
	if got := strings.Join(rows, " "); got != "[0 0] [0] [1 0] [1] [0 1] [1] [1 1] [0]" {
		t.Error(got)
	}
	(&synthetic.Adding{Length: 7}).Generate(50, 1, func(x []float64, y []string) {
		sum, marks := 0.0, [2]float64{}
		for i, mark := range x[7:] {
			sum += x[i] * mark
			marks[min(1, i/3)] += mark
		}
		if synthetic.Digits(sum) != y[0] || marks != [2]float64{1, 1} {
			t.Errorf("of %v the sum is %s", x, y[0])
		}
	})
	(&synthetic.Copy{Symbols: 3, Length: 4, Delay: 5}).Generate(50, 1, func(_ []float64, y []string) {
		text, tags := y[0], y[1]
		if len(text) != 14 || text[:4] != tags[10:] || text[4:] != "_____:____" || tags[:10] != "__________" || strings.Trim(text[:4], "abc") != "" {
			t.Errorf("%s is to become %s", text, tags)
		}
	})
	(&synthetic.Moons{}).Generate(50, 1, func(x []float64, y []string) {
		r := math.Hypot(x[0], x[1])
		if y[0] == "1" {
			r = math.Hypot(x[0]-1, x[1]-0.5)
		}
		if math.Abs(r-1) > 1e-12 {
			t.Error("not on a moon", x, y)
		}
	})
	(&synthetic.Spirals{Classes: 2, Turns: 1}).Generate(50, 1, func(x []float64, y []string) {
		r := math.Hypot(x[0], x[1])
		want := 2 * math.Pi * (r + map[string]float64{"0": 0, "1": 0.5}[y[0]])
		if d := math.Remainder(math.Atan2(x[1], x[0])-want, 2*math.Pi); math.Abs(d) > 1e-9 || r > 1 {
			t.Error("not on a spiral", x, y)
		}
	})
	sum, squares := 0.0, 0.0
	(&synthetic.RandomRegression{Features: 1, Targets: 1}).Generate(20000, 1, func(x []float64, _ []string) {
		sum += x[0]
		squares += x[0] * x[0]
	})
	if mean, variance := sum/20000, squares/20000; math.Abs(mean) > 0.02 || math.Abs(variance-1) > 0.03 {
		t.Error(mean, variance)
	}
	(&synthetic.Blobs{Features: 2, Classes: 3}).Generate(9, 1, func(x []float64, y []string) {
		if math.Abs(x[0]) > 10 || math.Abs(x[1]) > 10 {
			t.Error(x)
		}
	})
}

func TestGeneratorMistakes(t *testing.T) {
	for section, want := range map[string]string{
		"{format: synthetic}":                                            "generator is missing: it chooses the generator",
		"{format: synthetic, generator: blob}":                           "did you mean blobs?",
		"{format: synthetic, generator: moons, classes: 3}":              "unknown key",
		"{format: synthetic, generator: xor, rows: 0}":                   "out of range",
		"{format: synthetic, generator: xor, rows: 8, inputs: [x0, x2]}": `no column "x2"`,
		"{format: synthetic, generator: xor, rows: 8, target: clas}":     "did you mean class?",
		"{format: synthetic, generator: xor, path: d.csv}":               "unknown key",
	} {
		if _, problems := datasettest.TryLoad(t, "", section, 1); !strings.Contains(problems, want) {
			t.Errorf("%s: %s", section, problems)
		}
	}
}
