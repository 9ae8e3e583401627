package spec

import (
	"encoding/json"
	"reflect"
	"testing"
)

// shelf may be written as its books alone.
type shelf struct {
	Books []string `doc:"titles"`
	Most  int      `default:"0" doc:"how many there may be"`
}

type plainShelf shelf

func (s *shelf) UnmarshalSpec(n *Node, p *Problems) {
	if n.IsList() {
		n.Into(&s.Books, p)
		return
	}
	n.Into((*plainShelf)(s), p)
}

func (shelf) ListedSpec() string { return "books" }

// The schema of settings that may be written as a list takes that list, or the mapping, and no plain value for all of it.
func TestListedSchema(t *testing.T) {
	var root struct {
		Defs map[string]struct {
			AnyOf []map[string]any `json:"anyOf"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(&struct{ Shelf shelf }{}, "library"), &root); err != nil {
		t.Fatal(err)
	}
	all := root.Defs["shelf"].AnyOf
	if len(all) != 2 || all[1]["type"] != "object" {
		t.Fatalf("%v", all)
	}
	list, _ := json.Marshal(all[0])
	if want := `{"anyOf":[{"items":{"type":"string"},"type":"array"},{"type":"string"}]}`; string(list) != want {
		t.Errorf("%s, expected %s", list, want)
	}
	keys := all[1]["properties"].(map[string]any)
	if !reflect.DeepEqual([]bool{keys["books"] != nil, keys["most"] != nil}, []bool{true, true}) {
		t.Errorf("%v", keys)
	}
}
