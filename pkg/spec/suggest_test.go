package spec

import "testing"

func TestSuggest(t *testing.T) {
	keys := []string{"learning_rate", "batch_size", "concat", "dense", "dropout", "layer_norm", "l1", "l2", "adam", "relu", "tanh", "flatten", "early_stopping", "gru", "rate"}
	for word, want := range map[string]string{
		"lr": "learning_rate", "LR": "learning_rate", "bs": "batch_size", "batchsize": "batch_size", "batch-size": "batch_size", "Batch Size": "batch_size", "batch": "batch_size",
		"dens": "dense", "Dense": "dense", "desne": "dense", "dropuot": "dropout", "drop": "dropout", "layernorm": "layer_norm", "stopping": "early_stopping",
		"adm": "adam", "rleu": "relu", "l3": "", "x": "", "": "", "conv2d": "", "lstm": "", "attention": "", "linear": "", "learnin_rate": "learning_rate", "leraning_rates": "learning_rate",
		"dropout_rate": "dropout", "momentum": "", "é": "", "grü": "gru",
	} {
		if got := Suggest(word, keys); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

// The beginning of a longer word is rather meant than another word that takes several slips.
func TestSuggestLonger(t *testing.T) {
	for word, want := range map[string]string{"test_acc": "test_accuracy", "test_f2": "test_f1", "test_loos": "test_loss"} {
		if got := Suggest(word, []string{"test_f1", "test_loss", "test_accuracy"}); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

// The first part of a word that is a key says what is meant.
func TestSuggestParts(t *testing.T) {
	for word, want := range map[string]string{"validation_path": "validation", "test-path": "test", "my_path": "path"} {
		if got := Suggest(word, []string{"path", "train", "validation", "test"}); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"ab", "ba", 1}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"grü", "gru", 1}, {"ca", "abc", 3}} {
		if got := distance(c.a, c.b); got != c.want || distance(c.b, c.a) != c.want {
			t.Errorf("%q and %q: got %d, want %d", c.a, c.b, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for words, want := range map[string]string{
		"text": "a text", "whole number": "a whole number", "true | false": "true or false", "list of texts": "a list of texts", "input type": "an input type",
		"whole number | classes | targets": "a whole number, classes or targets", "true | false | list of names": "true, false or a list of names",
		"mapping of names to numbers": "a mapping of names to numbers", "list of (a | b)": "a list of (a | b)", "optimizer": "an optimizer", "balanced | number": "balanced or a number",
	} {
		if got := wanted(words); got != want {
			t.Errorf("%q: got %q, want %q", words, got, want)
		}
	}
	for noun, want := range map[string]string{"loss": "losses", "layer": "layers", "entry": "entries", "key": "keys", "text": "texts", "batch": "batches"} {
		if got := plural(noun); got != want {
			t.Errorf("%q: got %q, want %q", noun, got, want)
		}
	}
	for tag, want := range map[string]string{
		"": "", "[1,)": "at least 1", "(0,)": "above 0", "(,5]": "at most 5", "(,5)": "below 5", "[0,1]": "0 to 1", "[0,1)": "at least 0 and below 1", "(0,1]": "above 0 and at most 1", "[2,2]": "exactly 2", "(,)": "a finite number",
	} {
		if got := parseRange(tag).Words(); got != want {
			t.Errorf("%q: got %q, want %q", tag, got, want)
		}
	}
}

func TestPaths(t *testing.T) {
	for _, c := range []struct {
		path string
		want []string
	}{{"", nil}, {"a", []string{"a"}}, {"a.b", []string{"a", "b"}}, {"a[3].b", []string{"a", "3", "b"}}, {"a.3.b", []string{"a", "3", "b"}}, {`a["b.c"].d`, []string{"a", "b.c", "d"}}, {`["x"]`, []string{"x"}}} {
		got, rest, err := splitPath(c.path + "=rest")
		if err != nil || rest != "=rest" || len(got) != len(c.want) {
			t.Errorf("%s: got %q, %q, %v", c.path, got, rest, err)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %q", c.path, got)
			}
		}
	}
	for _, keys := range [][]string{{"a", "b"}, {"a.b", "", "x y"}, {`"`, "]", "[", "=", "\n"}, {"é", "0", "-1"}} {
		path := ""
		for _, k := range keys {
			path = join(path, k)
		}
		got, _, err := splitPath(path)
		if err != nil || len(got) != len(keys) {
			t.Fatalf("%s: got %q, %v", path, got, err)
		}
		for i := range got {
			if got[i] != keys[i] {
				t.Errorf("%s: got %q, want %q", path, got, keys)
			}
		}
	}
}
