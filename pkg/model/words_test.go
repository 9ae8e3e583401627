package model

import (
	"strings"
	"testing"
)

// Words that people bring from elsewhere are understood, and nothing is said to be missing that is there under such a word.
func TestWordsOfOtherPrograms(t *testing.T) {
	dir := t.TempDir()
	table(t, dir, "d.csv", 60)
	_, err := Open(document(t, dir, `
lr: 0.1
dataset: {file: d.csv, label: {column: y, type: category}}
layers:
  - {type: dense, hidden_size: 8}
  - {type: dense, out_features: 8}
  - {type: dropout, p: 0.3}
  - {type: dense, units: classes}
  - softmax
optimizer: {type: adam, lr: 0.01}
train: {num_epochs: 3, learning_rate: 0.1, patience: 3}
`))
	if err == nil {
		t.Fatal("no mistake")
	}
	got := err.Error()
	for _, want := range []string{
		"lr: unknown key (did you mean optimizer.learning_rate?)",
		"dataset.file: unknown key (did you mean path?)",
		"dataset.label: unknown key (did you mean target?)",
		"layers[0].hidden_size: unknown key (did you mean units?)",
		"layers[1].out_features: unknown key (did you mean units?)",
		"layers[2].p: unknown key (did you mean rate?)",
		`unknown layer "softmax"; it is an activation: give it to a layer (activation: softmax), or write {type: activation, function: softmax}. As the last layer leave it out: the loss applies it`,
		"optimizer.lr: unknown key (did you mean learning_rate?)",
		"train.num_epochs: unknown key (did you mean epochs?)",
		"train.learning_rate: unknown key (did you mean optimizer.learning_rate?)",
		"train.patience: unknown key (did you mean early_stopping.patience?)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q", want)
		}
	}
	if strings.Contains(got, "missing") || strings.Count(got, "\n") != 10 {
		t.Errorf("more than that:\n%s", got)
	}
}

// The length of an embedding has other names in PyTorch and Keras.
func TestWordsForTheSizeOfEmbeddings(t *testing.T) {
	const text = "dataset: {train: words.csv, inputs: [{column: word, type: text, tokenizer: char}], target: {column: parts, type: tags, separator: \"\"}}\n" +
		"layers: [{type: embedding, WORD: 4}, {type: dense, units: classes}]\n"
	for _, word := range []string{"output_dim", "units", "embedding_dim", "hidden_size"} {
		_, err := openText(t, text, wordRows, "WORD => "+word)
		if want := "layers[0]." + word + ": unknown key (did you mean size?)"; err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", word, err)
		}
	}
}
