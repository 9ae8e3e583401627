// Package registrytest checks what holds for the kinds of every registry. Each package with a registry calls Check in one
// test.
package registrytest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry"
)

// Check fails t for each kind whose file is not named after its key, that lacks a summary or cases, or that shares an alias
// or a former key with another kind. cases counts the cases of a kind; it is nil where kinds have none of their own.
func Check[T any](t *testing.T, reg *registry.Registry[T], cases func(T) int) {
	t.Helper()
	for _, wrong := range mistakes(reg) {
		t.Error(wrong)
	}
	for _, k := range reg.Kinds() {
		if cases != nil && cases(k.Value) == 0 {
			t.Errorf("%s %s has no cases", reg.What(), k.Key)
		}
	}
}

// mistakes lists what is wrong with the kinds themselves.
func mistakes[T any](reg *registry.Registry[T]) (wrong []string) {
	keys, words := reg.Keys(), map[string]string{}
	if len(keys) == 0 {
		return []string{fmt.Sprintf("no %s is registered", reg.What())}
	}
	for _, k := range reg.Kinds() {
		if strings.TrimSuffix(k.File, ".go") != k.Key {
			wrong = append(wrong, fmt.Sprintf("%s %s is in %s, not in %s.go", reg.What(), k.Key, k.File, k.Key))
		}
		if k.Summary == "" {
			wrong = append(wrong, fmt.Sprintf("%s %s has no summary", reg.What(), k.Key))
		}
		others := slices.Clone(k.Former)
		for word := range k.Aliases {
			others = append(others, word)
		}
		slices.Sort(others)
		for _, word := range others {
			switch owner := words[word]; {
			case slices.Contains(keys, word):
				wrong = append(wrong, fmt.Sprintf("%s %s has the alias %s, which is a key", reg.What(), k.Key, word))
			case owner != "":
				wrong = append(wrong, fmt.Sprintf("%s %s and %s both have the alias %s", reg.What(), owner, k.Key, word))
			}
			words[word] = k.Key
		}
	}
	return wrong
}
