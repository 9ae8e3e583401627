package metrics

import (
	"dnn/pkg/task"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// textCase is some texts with the values that testdata/metrics/texts.py got from the reference packages.
type textCase struct {
	Name        string
	Predictions []string
	References  [][]string
	Expect      map[string]float64 // by the settings as a spec would hold them
	Signatures  map[string]string
}

func (c textCase) texts() Texts { return Texts{Predictions: c.Predictions, References: c.References} }

func loadTexts(t testing.TB) []textCase {
	t.Helper()
	text, err := os.ReadFile("../../testdata/metrics/texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []textCase }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Cases
}

func computeTexts(m Metric, batches ...Texts) Result {
	a := m.(TextMetric).NewTexts()
	for _, b := range batches {
		a.AddTexts(b)
	}
	return a.Result()
}

// TestTextReference holds every metric of texts against sacrebleu, rouge-score or jiwer.
func TestTextReference(t *testing.T) {
	for _, c := range loadTexts(t) {
		t.Run(c.Name, func(t *testing.T) {
			for text, want := range c.Expect {
				a := parse(t, text)[0].(TextMetric).NewTexts()
				a.AddTexts(c.texts())
				if got := a.Result().Value; !near(got, want, 1e-12) {
					t.Errorf("%s: got %v, the reference %v", text, got, want)
				}
				if want, ok := c.Signatures[text]; ok && a.(signer).signature() != want {
					t.Errorf("%s: got the signature %s, sacrebleu has %s", text, a.(signer).signature(), want)
				}
			}
		})
	}
}

// eachText calls f with each case and each metric of texts.
func eachText(t *testing.T, f func(c textCase, key string, m Metric)) {
	for _, c := range loadTexts(t) {
		for _, key := range Registry.Keys() {
			if m := withDefaults(key); JudgesTexts(m, task.Head{}) {
				f(c, key, m)
			}
		}
	}
}

// pick takes rows of texts, in the order given.
func (t Texts) pick(rows []int) (out Texts) {
	for _, i := range rows {
		out.Predictions = append(out.Predictions, t.Predictions[i])
		out.References = append(out.References, t.References[i])
	}
	return out
}

// TestTextBatches: the cut into batches changes no bit, asking in between does no harm, and texts are not changed.
func TestTextBatches(t *testing.T) {
	eachText(t, func(c textCase, key string, m Metric) {
		whole := computeTexts(m, c.texts())
		a := m.(TextMetric).NewTexts()
		before := slices.Clone(c.References)
		for i := range c.Predictions {
			a.AddTexts(c.texts().pick([]int{i}))
			a.Result()
		}
		a.AddTexts(Texts{})
		if got := a.Result(); !identical(got, whole) {
			t.Errorf("%s, %s: %v text by text, %v at once", c.Name, key, got.Value, whole.Value)
		}
		if !reflect.DeepEqual(before, c.References) {
			t.Errorf("%s changes its texts", key)
		}
	})
}

// TestTextOrderAndWeight: the order of rows does not matter, and a weight of 2 is the row twice.
func TestTextOrderAndWeight(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	eachText(t, func(c textCase, key string, m Metric) {
		n := len(c.Predictions)
		whole := computeTexts(m, c.texts())
		if got := computeTexts(m, c.texts().pick(random.Perm(n))); !near(got.Value, whole.Value, 1e-12) {
			t.Errorf("%s, %s: %v of shuffled rows, %v in order", c.Name, key, got.Value, whole.Value)
		}
		weighted := c.texts()
		var rows []int
		for i := range n {
			times := random.IntN(3)
			weighted.Weight = append(weighted.Weight, float64(times))
			rows = append(rows, slices.Repeat([]int{i}, times)...)
		}
		got, want := computeTexts(m, weighted), computeTexts(m, c.texts().pick(rows))
		if !near(got.Value, want.Value, 1e-12) {
			t.Errorf("%s, %s: %v with weights %v, %v with rows repeated", c.Name, key, got.Value, weighted.Weight, want.Value)
		}
	})
}

// TestTextLimits: texts that are their references have the best value, with other references next to them as well, and
// values are within their bounds.
func TestTextLimits(t *testing.T) {
	eachText(t, func(c textCase, key string, m Metric) {
		right := Texts{Predictions: []string{"the quick brown fox jumps"}, References: [][]string{{"a dog", "the quick brown fox jumps"}}}
		for _, list := range c.References {
			if len(strings.Fields(list[0])) > 3 {
				right.Predictions = append(right.Predictions, list[0])
				right.References = append(right.References, append(list[1:], list[0]))
			}
		}
		best := map[Goal]float64{Lower: 0, Higher: 1}[m.Goal()]
		if key == "bleu" || key == "chrf" {
			best = 100
		}
		if got := computeTexts(m, right).Value; !near(got, best, 1e-12) && key != "rouge" { // which does not see all letters
			t.Errorf("%s, %s: right texts have %v", c.Name, key, got)
		}
		if got := computeTexts(m, c.texts()).Value; !(got >= 0) || m.Goal() == Higher && got > best+1e-9 {
			t.Errorf("%s, %s: out of bounds: %v", c.Name, key, got)
		}
	})
}

// TestSetOfTexts: texts and rows go to the metrics that take them.
func TestSetOfTexts(t *testing.T) {
	s := sample(t, "text")
	list := parse(t, "bleu, token_accuracy, {type: rouge, variant: 1}, perplexity")
	set := NewSet(list, s.Head)
	if !set.JudgesTexts() || NewSet(parse(t, "accuracy"), s.Head).JudgesTexts() {
		t.Error("a set does not know whether it takes texts")
	}
	set.Add(s.Batch)
	for i, r := range set.Results() {
		if math.IsNaN(r.Result.Value) != JudgesTexts(list[i], s.Head) {
			t.Errorf("%s is %v before there were texts", r.Name, r.Result.Value)
		}
	}
	set.AddTexts(s.Texts)
	for i, r := range set.Results() {
		if want := judge(list[i], s); !identical(r.Result, want) {
			t.Errorf("%s is %v in a set, %v alone", r.Name, r.Result.Value, want.Value)
		}
		if (r.Signature != "") != (r.Name == "bleu") {
			t.Errorf("%s has the signature %q", r.Name, r.Signature)
		}
	}
}

func TestTextsWithoutReferencesPanic(t *testing.T) {
	eachBad := []Texts{
		{Predictions: []string{"a"}},
		{Predictions: []string{"a"}, References: [][]string{{}}},
		{Predictions: []string{"a"}, References: [][]string{{"a"}}, Weight: []float64{1, 2}},
	}
	for _, key := range Registry.Keys() {
		m := withDefaults(key)
		if !JudgesTexts(m, task.Head{}) {
			continue
		}
		for _, bad := range eachBad {
			func() {
				defer func() {
					if text, ok := recover().(string); !ok || !strings.HasPrefix(text, "metrics: ") {
						t.Errorf("%s takes %v", key, bad)
					}
				}()
				computeTexts(m, bad)
			}()
		}
	}
}

// FuzzTexts: no metric fails, whatever the texts, and a text is as good as itself.
func FuzzTexts(f *testing.F) {
	for _, c := range loadTexts(f) {
		for i, text := range c.Predictions {
			f.Add(text, c.References[i][0])
		}
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, key := range Registry.Keys() {
			m := withDefaults(key)
			if !JudgesTexts(m, task.Head{}) {
				continue
			}
			pair := computeTexts(m, Texts{Predictions: []string{a}, References: [][]string{{b}}}).Value
			same := computeTexts(m, Texts{Predictions: []string{a}, References: [][]string{{b, a}}}).Value
			if math.IsNaN(pair) || pair < 0 || math.IsNaN(same) || m.Goal() == Lower && same > 0 {
				t.Errorf("%s of %q and %q is %v, and %v with itself", key, a, b, pair, same)
			}
		}
	})
}
