package compress

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/spec"
)

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, recipe.Registry, func(s recipe.Step) int { return len(s.Cases()) })
	for _, k := range recipe.Registry.Kinds() {
		if _, ok := k.Value.(Step); !ok {
			t.Errorf("%s does nothing", k.Key)
		}
	}
}

type section struct{ Compress *recipe.Recipe }

func decode(t *testing.T, text string) (*recipe.Recipe, []string) {
	t.Helper()
	doc, err := spec.Parse("spec.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var s section
	var p spec.Problems
	doc.Decode(&s, &p)
	if p.Len() > 0 {
		return s.Compress, strings.Split(p.Err(doc).Error(), "\n")
	}
	return s.Compress, nil
}

// Each case is read, and what is written of it is read as the same.
func TestCases(t *testing.T) {
	for _, k := range recipe.Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			r, wrong := decode(t, fmt.Sprintf("compress: [%s]", c))
			if wrong != nil || spec.KeyOf(r.Steps[0]) != k.Key {
				t.Errorf("%s: %s", c, wrong)
				continue
			}
			text := string(spec.Encode(&section{r}))
			if again, wrong := decode(t, text); wrong != nil || !reflect.DeepEqual(again, r) {
				t.Errorf("%s is written as\n%s\nwhich is another: %s", c, text, wrong)
			}
		}
	}
}

// The reference calls a bare word enough where it is.
func TestBareWords(t *testing.T) {
	for _, kinds := range spec.AllKinds() {
		if kinds.Type != reflect.TypeFor[recipe.Step]() {
			continue
		}
		for _, k := range kinds.List {
			if _, wrong := decode(t, "compress: ["+k.Key+"]"); k.Bare != (wrong == nil) {
				t.Errorf("%s: enough %v, but %s", k.Key, k.Bare, wrong)
			}
		}
	}
}

func TestRecipe(t *testing.T) {
	const step = "{type: fine_tune, epochs: 2}"
	r, wrong := decode(t, "compress:\n  steps: ["+step+"]\n  max_size: 500KB\n  max_loss_of: {accuracy: 0.005}\n  max_latency: 2ms\n")
	if wrong != nil || r.MaxSize.N != 500_000 || r.MaxLossOf["accuracy"] != 0.005 || r.MaxLatency.D != 2e6 {
		t.Errorf("%+v: %s", r, wrong)
	}
	for text, want := range map[string]string{
		"compress: []": "spec.yaml:1:11: compress: has no steps; leave compress out, or name some",
		"compress: [{type: finetune, epochs: 1}]":                               `compress[0].type: unknown compression step "finetune" (did you mean fine_tune?)`,
		"compress: [fine_tune]":                                                 "compress[0]: must say how long it trains: epochs, or updates",
		"compress: [{type: distill, epochs: 1, updates: 5}]":                    "compress[0].updates: is given beside epochs: keep one of them",
		"compress: [{type: factorize, epochs: 1, updates: 5}]":                  "compress[0].updates: is given beside epochs: keep one of them",
		"compress: [{type: prune, sparsity: 0.5, epochs: 1, updates: 5}]":       "compress[0].updates: is given beside epochs: keep one of them",
		"compress: [prune_structured]":                                          "compress[0]: removes nothing: give remove, the share of the units that goes, such as 0.5, or blocks",
		"compress: [{type: quantize, weights: bf16, epochs: 2}]":                "compress[0].epochs: train for weights of int8 or int4, not for bf16",
		"compress: [{type: quantize, weights: int4, sparse: true}]":             "compress[0].sparse: is for weights: int8 alone, not for int4",
		"compress: [{type: quantize, begin: 0.5}]":                              "compress[0].begin: is a share of the training, and there is none: give epochs",
		"compress: {max_size: 5kB}":                                             "compress: steps is missing",
		"compress: {steps: [" + step + "], max_size: small}":                    "is no size",
		"compress: {steps: [" + step + "], max_loss_of: {loss: -1}}":            "compress.max_loss_of.loss: -1",
		"compress: {steps: [" + step + "], max_latency: 2}":                     "is no span of time",
		"compress: {steps: [" + step + "], max_memory: 2}":                      "compress.max_memory: unknown key",
		"compress: [" + step + ", {type: fine_tune, epochs: 2, sparsity: 0.5}]": "compress[1].sparsity: unknown key",
	} {
		if _, wrong := decode(t, text); len(wrong) != 1 || !strings.Contains(wrong[0], want) {
			t.Errorf("%s:\n%s\nexpected %s", text, strings.Join(wrong, "\n"), want)
		}
	}
}
