package tokenizer

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/spec"
)

// texts are what the kinds learn from.
var texts = []string{
	"low low low low low lower lower", "newest newest newest newest newest newest", "widest widest widest",
	"Don't STOP!  It's 12 o'clock…", "Café Cafe\u0301", "",
}

// decode joins the names of tokens.
func names(f Fitted, text string) []string {
	var list []string
	all := f.Tokens()
	for _, t := range f.Encode(nil, text) {
		list = append(list, all[t])
	}
	return list
}

func TestKinds(t *testing.T) {
	registrytest.Check(t, Registry, func(k Tokenizer) int { return len(k.Cases()) })
	for _, k := range Registry.Kinds() {
		t.Run(k.Key, func(t *testing.T) {
			kind := spec.New[Tokenizer](k.Key)
			f := kind.Fit(slices.Values(texts))
			all := f.Tokens()
			if all[Padding] != "<padding>" || all[Unknown] != "<unknown>" {
				t.Errorf("the first tokens are %v", all[:2])
			}
			for i, name := range all {
				if slices.Index(all, name) != i {
					t.Errorf("duplicate token %q", name)
				}
			}
			for _, text := range append(texts, "never seen: żółw") {
				for _, token := range f.Encode(nil, text) {
					if token == Padding || int(token) >= len(all) {
						t.Errorf("%q has the token %d of %d", text, token, len(all))
					}
				}
			}
			if got := f.Encode([]uint32{7}, "low"); len(got) < 2 || got[0] != 7 {
				t.Errorf("tokens are not appended: %v", got)
			}
			if e, ok := f.(interface{ exact() bool }); ok && e.exact() {
				if a, b := f.Encode(nil, "Café"), f.Encode(nil, "Cafe\u0301"); slices.Equal(a, b) {
					t.Errorf("an accent is not kept as it is typed: %v", a)
				}
			} else if a, b := f.Encode(nil, "Café"), f.Encode(nil, "Cafe\u0301"); !slices.Equal(a, b) {
				t.Errorf("an accent makes a difference by how it is typed: %v, %v", a, b)
			}
			if small := kind.Sized(260).Fit(slices.Values(texts)); len(small.Tokens()) > 262 || kind.Sized(3).Fit(slices.Values(texts)) == nil {
				t.Errorf("260 tokens are %d", len(small.Tokens()))
			}
			data, err := Marshal(f)
			if err != nil {
				t.Fatal(err)
			}
			again, err := Unmarshal(data)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range append(texts, "lowest newer żółw") {
				if !reflect.DeepEqual(names(f, text), names(again, text)) {
					t.Errorf("%q: %v, and after reading the JSON %v", text, names(f, text), names(again, text))
				}
			}
			if second := kind.Fit(slices.Values(texts)); !slices.Equal(second.Tokens(), all) {
				t.Errorf("another vocabulary from the same texts: %v", second.Tokens())
			}
		})
	}
}

func TestCases(t *testing.T) {
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			kind := decode(t, c.Spec)
			if got := names(kind.Fit(slices.Values([]string{c.Text, c.Text, c.Text})), c.Text); !slices.Equal(got, c.Tokens) {
				t.Errorf("%s cuts %s into %q, want %q", c.Spec, c.Text, got, c.Tokens)
			}
			if spec.KeyOf(kind) != k.Key {
				t.Errorf("%s has a case of %s", k.Key, c.Spec)
			}
		}
	}
}

// decode reads a tokenizer as the value of a key.
func decode(t *testing.T, value string) Tokenizer {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte("tokenizer: "+value), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got struct{ Tokenizer Tokenizer }
	var p spec.Problems
	doc.Decode(&got, &p)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	return got.Tokenizer
}

// TestFormerKey: specs and models that call whitespace blank are still read, and written with its key of today.
func TestFormerKey(t *testing.T) {
	got := decode(t, "{type: blank, min_count: 3}")
	text := string(spec.Encode(struct{ Tokenizer Tokenizer }{got}))
	if w, ok := got.(*Whitespace); !ok || w.MinCount != 3 || !strings.Contains(text, "whitespace") {
		t.Errorf("tokenizer: blank becomes %s", text)
	}
	f, err := Unmarshal([]byte(`{"type":"blank","list":["a"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := Marshal(f); err != nil || string(data) != `{"type":"whitespace","list":["a"]}` {
		t.Errorf("got %s, %v", data, err)
	}
}

func TestUnmarshalUnknown(t *testing.T) {
	if _, err := Unmarshal([]byte(`{"type":"morse"}`)); err == nil || !strings.Contains(err.Error(), "morse") {
		t.Errorf("got %v", err)
	}
}

func TestChar(t *testing.T) {
	f := (&Char{MinCount: 1, Vocabulary: 3, Lowercase: true}).Fit(slices.Values([]string{"AAA bb c", "aab"}))
	if got := f.Tokens()[2:]; !slices.Equal(got, []string{"a", "b", " "}) {
		t.Errorf("the characters are %q", got)
	}
	if got := f.Encode(nil, "Abc"); !slices.Equal(got, []uint32{2, 3, Unknown}) {
		t.Errorf("tokens %v", got)
	}
}

func TestWords(t *testing.T) {
	f := (&Word{MinCount: 1, Vocabulary: 100, Lowercase: true}).Fit(slices.Values(texts))
	want := []string{"don't", "stop", "!", "it's", "12", "o'clock", "…"}
	if got := names(f, "Don't STOP! it's 12 o'clock…"); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := names(f, "'low' 3x"); !slices.Equal(got, []string{"<unknown>", "low", "<unknown>", "<unknown>", "<unknown>"}) {
		t.Errorf("%q", got)
	}
}

// The example of the paper: the first pairs that are joined are e s, es t, l o, lo w (as here the blank before a word takes
// the place of the mark behind it, some counts differ).
func TestBPE(t *testing.T) {
	f := (&BPE{MinCount: 2, Vocabulary: 100}).Fit(slices.Values(texts[:3])).(*pieces)
	if len(f.Pairs) == 0 || f.Pairs[0] != (pair{"e", "s"}) || f.Pairs[1] != (pair{"es", "t"}) {
		t.Fatalf("joined %v", f.Pairs)
	}
	if got := names(f, "newest"); !slices.Equal(got, []string{" newest"}) {
		t.Errorf("a frequent word is cut into %q", got)
	}
	if got := names(f, "lowest"); strings.Join(got, "") != " lowest" || len(got) < 2 {
		t.Errorf("lowest is cut into %q", got)
	}
	if got := names(f, "x"); !slices.Equal(got, []string{"<unknown>", "<unknown>"}) && !slices.Equal(got, []string{" ", "<unknown>"}) {
		t.Errorf("x is cut into %q", got)
	}
}

func TestWhitespace(t *testing.T) {
	f := (&Whitespace{MinCount: 1, Vocabulary: 100}).Fit(slices.Values([]string{"can't stop, now", `["New York", "3", 4.50, "[x"]`, "[x y]"}))
	for text, want := range map[string][]string{
		"can't  stop, [x":             {"can't", "stop,", "[x"},
		`["New York", 4.50, "can't"]`: {"New York", "4.50", "can't"},
		`["New York", null]`:          {"New York", "<unknown>"},
		"[x y] 3":                     {"[x", "y]", "3"},
		"[]":                          nil,
		"New York":                    {"<unknown>", "<unknown>"},
	} {
		if got := names(f, text); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
