// Package registry holds the kinds a program knows: ops, layers, losses, metrics and so on.
//
// A kind registers itself from the init function of the one file that defines it. The registry remembers that file, so
// that a test can assert "one kind, one file, one key".
package registry

import (
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// Kind is one registered kind.
type Kind[T any] struct {
	Key     string // the word a spec uses, snake_case
	Summary string // one line for lists and the reference
	Value   T      // the kind itself, or a prototype of its settings
	File    string // base name of the file that registered it
}

// Registry maps keys to kinds of one sort. The zero value is not usable; call New.
type Registry[T any] struct {
	what  string
	kinds map[string]Kind[T]
}

// New returns an empty registry. what is the singular noun used in messages: "layer", "loss".
func New[T any](what string) *Registry[T] {
	return &Registry[T]{what: what, kinds: map[string]Kind[T]{}}
}

// Register adds a kind. It panics when the key is taken: that is a mistake of the program, not of its user.
func (r *Registry[T]) Register(key, summary string, value T) {
	if _, taken := r.kinds[key]; taken {
		panic(fmt.Sprintf("registry: %s %q is registered twice", r.what, key))
	}
	_, file, _, _ := runtime.Caller(1)
	r.kinds[key] = Kind[T]{Key: key, Summary: summary, Value: value, File: filepath.Base(file)}
}

// What returns the noun for one kind of this registry.
func (r *Registry[T]) What() string { return r.what }

// Get returns the kind registered under key.
func (r *Registry[T]) Get(key string) (T, bool) {
	k, ok := r.kinds[key]
	return k.Value, ok
}

// Keys returns all keys, sorted.
func (r *Registry[T]) Keys() []string {
	keys := make([]string, 0, len(r.kinds))
	for k := range r.kinds {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Kinds returns all kinds, sorted by key.
func (r *Registry[T]) Kinds() []Kind[T] {
	kinds := make([]Kind[T], 0, len(r.kinds))
	for _, k := range r.Keys() {
		kinds = append(kinds, r.kinds[k])
	}
	return kinds
}

// Misfiled returns a message for each kind whose file is not named after its key. Tests assert that it is empty.
func (r *Registry[T]) Misfiled() []string {
	var wrong []string
	for _, k := range r.Kinds() {
		if strings.TrimSuffix(k.File, ".go") != k.Key {
			wrong = append(wrong, fmt.Sprintf("%s %q lives in %s, not in %s.go", r.what, k.Key, k.File, k.Key))
		}
	}
	return wrong
}
