package registry

import (
	"reflect"
	"strings"
	"testing"
)

type kind struct{ n int }

func TestRegistry(t *testing.T) {
	r := New[kind]("toy")
	if r.What() != "toy" || len(r.Keys()) != 0 || len(r.Kinds()) != 0 {
		t.Errorf("a new registry is not empty: %v", r.Kinds())
	}
	r.Register("zebra", "striped", kind{1})
	r.Register("ape", "clever", kind{2}).Also("monkey").AlsoAs("{type: ape, size: large}", "gorilla").Formerly("primate")
	if got := r.Keys(); !reflect.DeepEqual(got, []string{"ape", "zebra"}) {
		t.Errorf("keys are not sorted: %v", got)
	}
	want := Kind[kind]{Key: "zebra", Summary: "striped", Value: kind{1}, File: "registry_test.go", Aliases: map[string]string{}}
	if got := r.Kinds()[1]; !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for key, n := range map[string]int{"ape": 2, "primate": 2, "zebra": 1} {
		if v, ok := r.Get(key); !ok || v.n != n {
			t.Errorf("%s: got %v, %v", key, v, ok)
		}
	}
	for _, key := range []string{"gnu", "monkey"} {
		if v, ok := r.Get(key); ok || v.n != 0 || r.Current(key) != key {
			t.Errorf("%s gives %v", key, v)
		}
	}
	if r.Current("primate") != "ape" || r.Current("ape") != "ape" {
		t.Error("a former key does not lead to the current one")
	}
	if r.Alias("gorilla") != "{type: ape, size: large}" || r.Alias("ape") != "" {
		t.Errorf("instead of a gorilla %q, of an ape %q", r.Alias("gorilla"), r.Alias("ape"))
	}
	if got := r.Aliases(); !reflect.DeepEqual(got, map[string]string{"monkey": "ape", "gorilla": "{type: ape, size: large}"}) {
		t.Errorf("aliases are %v", got)
	}
}

func TestRegisterTwice(t *testing.T) {
	defer func() {
		if r, ok := recover().(string); !ok || !strings.Contains(r, `duplicate toy "gnu"`) {
			t.Errorf("got %v", r)
		}
	}()
	r := New[kind]("toy")
	r.Register("gnu", "", kind{})
	r.Register("gnu", "", kind{})
}
