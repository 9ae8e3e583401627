// Package registry holds the kinds a program knows: ops, layers, losses, metrics and so on.
//
// A kind registers itself from the init function of the one file that defines it. The registry remembers that file, so
// that a test can assert "one kind, one file, one key".
package registry

import (
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
)

// Kind is one registered kind.
type Kind[T any] struct {
	Key     string            // the word a spec uses, snake_case
	Summary string            // one line for lists and the reference
	Value   T                 // the kind itself, or a prototype of its settings
	File    string            // base name of the file that registered it
	Aliases map[string]string // words that others use for it, with what a spec says instead: suggested, never taken
	Former  []string          // keys that it had in earlier versions: still taken
}

// Also adds words by which others know the kind. Whoever writes one is told the key.
func (k *Kind[T]) Also(words ...string) *Kind[T] { return k.AlsoAs(k.Key, words...) }

// AlsoAs adds words by which others know the kind with particular settings: a spec says text instead.
func (k *Kind[T]) AlsoAs(text string, words ...string) *Kind[T] {
	for _, word := range words {
		k.Aliases[word] = text
	}
	return k
}

// Formerly adds keys that the kind had in earlier versions. They still choose it; what is written says the new key.
func (k *Kind[T]) Formerly(keys ...string) *Kind[T] {
	k.Former = append(k.Former, keys...)
	return k
}

// Registry maps keys to kinds of one sort. The zero value is not usable; call New.
type Registry[T any] struct {
	what  string
	kinds map[string]*Kind[T]
	keys  []string // sorted
}

// New returns an empty registry. what is the singular noun used in messages: "layer", "loss".
func New[T any](what string) *Registry[T] {
	return &Registry[T]{what: what, kinds: map[string]*Kind[T]{}}
}

// Register adds a kind and returns it, to be given aliases. It panics when the key is taken: an internal error.
func (r *Registry[T]) Register(key, summary string, value T) *Kind[T] {
	if _, taken := r.kinds[key]; taken {
		panic(fmt.Sprintf("registry: duplicate %s %q", r.what, key))
	}
	_, file, _, _ := runtime.Caller(1)
	k := &Kind[T]{Key: key, Summary: summary, Value: value, File: filepath.Base(file), Aliases: map[string]string{}}
	r.kinds[key] = k
	at, _ := slices.BinarySearch(r.keys, key)
	r.keys = slices.Insert(r.keys, at, key)
	return k
}

// What returns the noun for one kind of this registry.
func (r *Registry[T]) What() string { return r.what }

// Get returns the kind registered under key, or under key in an earlier version.
func (r *Registry[T]) Get(key string) (value T, ok bool) {
	k := r.kinds[r.Current(key)]
	if k == nil {
		return value, false
	}
	return k.Value, true
}

// Current returns the key by which a kind goes today, given that or a former one; any other word comes back as it is.
func (r *Registry[T]) Current(key string) string {
	if _, ok := r.kinds[key]; ok {
		return key
	}
	for _, k := range r.kinds {
		if slices.Contains(k.Former, key) {
			return k.Key
		}
	}
	return key
}

// Keys returns all keys, sorted.
func (r *Registry[T]) Keys() []string { return slices.Clone(r.keys) }

// Summary returns the line about a kind; "" for an unknown key.
func (r *Registry[T]) Summary(key string) string {
	if k := r.kinds[key]; k != nil {
		return k.Summary
	}
	return ""
}

// Kinds returns all kinds, sorted by key.
func (r *Registry[T]) Kinds() []Kind[T] {
	kinds := make([]Kind[T], 0, len(r.kinds))
	for _, key := range r.Keys() {
		kinds = append(kinds, *r.kinds[key])
	}
	return kinds
}

// Alias returns what a spec says instead of a word by which others know a kind, or "".
func (r *Registry[T]) Alias(word string) string {
	for _, k := range r.kinds {
		if text, ok := k.Aliases[word]; ok {
			return text
		}
	}
	return ""
}

// Aliases returns the words by which others know the kinds, each with what a spec says instead.
func (r *Registry[T]) Aliases() map[string]string {
	all := map[string]string{}
	for _, k := range r.kinds {
		maps.Copy(all, k.Aliases)
	}
	return all
}
