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
	r.Register("ape", "clever", kind{2})
	if got := r.Keys(); !reflect.DeepEqual(got, []string{"ape", "zebra"}) {
		t.Errorf("keys are not sorted: %v", got)
	}
	want := Kind[kind]{Key: "zebra", Summary: "striped", Value: kind{1}, File: "registry_test.go"}
	if got := r.Kinds()[1]; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if v, ok := r.Get("ape"); !ok || v.n != 2 {
		t.Errorf("got %v, %v", v, ok)
	}
	if v, ok := r.Get("gnu"); ok || v.n != 0 {
		t.Errorf("an unknown key gives %v", v)
	}
}

// TestMisfiled: kinds whose file has another name are told, each with where it lives.
func TestMisfiled(t *testing.T) {
	r := New[kind]("toy")
	r.Register("registry_test", "in its own file", kind{})
	if wrong := r.Misfiled(); len(wrong) != 0 {
		t.Errorf("got %v", wrong)
	}
	r.Register("gnu", "in another's", kind{})
	if wrong := r.Misfiled(); len(wrong) != 1 || wrong[0] != `toy "gnu" lives in registry_test.go, not in gnu.go` {
		t.Errorf("got %v", wrong)
	}
}

func TestRegisterTwice(t *testing.T) {
	defer func() {
		if r, ok := recover().(string); !ok || !strings.Contains(r, `toy "gnu" is registered twice`) {
			t.Errorf("got %v", r)
		}
	}()
	r := New[kind]("toy")
	r.Register("gnu", "", kind{})
	r.Register("gnu", "", kind{})
}
