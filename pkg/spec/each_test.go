package spec

import (
	"strings"
	"testing"
)

type weighted struct {
	Optimizer optimizer `spec:"type,inline"`
	Weight    float64   `default:"1" doc:"weight"`
}

type byName struct {
	One  OneOrEach[optimizer, weighted]      `doc:"one or each"`
	List OneOrEach[[]optimizer, []optimizer] `doc:"a list or each"`
}

// What is read is printed so that it is read again as the same, and mistakes are at the places where they stand.
func TestOneOrEach(t *testing.T) {
	const sgd = "type: sgd, learning_rate: 0.01, momentum: 0"
	for text, want := range map[string]string{
		"one: sgd": "one:\n  " + strings.ReplaceAll(sgd, ", ", "\n  "),
		"one: {b: {type: sgd, weight: 2}, a: sgd}": "one:\n  b: {" + sgd + ", weight: 2}\n  a: {" + sgd + ", weight: 1}",
		"one: {momentum: sgd}":                     "one:\n  momentum: {" + sgd + ", weight: 1}", // a name like that of a setting
		"list: [sgd]":                              "list:\n  - {" + sgd + "}",
		"list: {b: [sgd], a: sgd}":                 "list:\n  b: [{" + sgd + "}]\n  a: [{" + sgd + "}]",
		"one: {tpye: sgd}":                         "1:7: one.tpye: unknown key (did you mean type?)",
		"one: {b: {type: sgd, wieght: 2}}":         "1:22: one.b.wieght: unknown key (did you mean weight?)",
		"one: {b: sdg}":                            "1:10: one.b: unknown optimizer \"sdg\" (did you mean sgd?)",
		"one: {momentum: 0.1}":                     "1:6: one: type is missing: it chooses the optimizer (did you mean type: sgd?)",
	} {
		var s byName
		d, err := Parse("f", []byte(text), nil)
		if err != nil {
			t.Fatal(err)
		}
		var p Problems
		d.Decode(&s, &p)
		got := strings.TrimSpace(string(Encode(&s)))
		if err := p.Err(d); err != nil {
			got = strings.ReplaceAll("\n"+err.Error(), "\nf:", "\n")[1:]
		} else {
			var again byName
			d, _ := Parse("f", []byte(got), nil)
			if d.Decode(&again, &p); p.Len() > 0 || strings.TrimSpace(string(Encode(&again))) != got {
				t.Errorf("%s: printed as %q, which is read as %s", text, got, Encode(&again))
			}
		}
		if got != want {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}

// An override adds settings to the one value that the file gives, not a name.
func TestOverrideOfOneOrEach(t *testing.T) {
	var s byName
	d, err := Parse("f", []byte("one: sgd"), []string{"one.momentum=0.5"})
	if err != nil {
		t.Fatal(err)
	}
	var p Problems
	d.Decode(&s, &p)
	if got, ok := s.One.One.(*sgd); p.Len() > 0 || !ok || got.Momentum != 0.5 || s.One.Names != nil {
		t.Errorf("%+v %v", s.One, p.Err(d))
	}
}
