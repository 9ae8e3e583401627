package model

import (
	"strings"
	"testing"
)

const alignedSpec = `
dataset:
  train: words.csv
  inputs: [{column: keys, type: text, tokenizer: char}]
  target: {column: word, type: text, tokenizer: char}
layers:
  - {type: embedding, size: 5}
  - {type: conv1d, filters: 8, kernel: 3, stride: 2, padding: same}
  - {type: dense, units: vocabulary}
loss: ctc
train: {batch_size: 4}
`

// Rows with too few steps for their labels are a mistake that names the first, or a warning that counts them.
func TestRowsThatCannotBeAligned(t *testing.T) {
	const fitting, short = "keys,word\nhhhhhh,hi\naabbcc.d,abcd\n", "abcdefghi,abcabc\nllll,ll\n"
	mustOpen(t, alignedSpec, fitting)
	_, err := openText(t, alignedSpec, fitting+short)
	const count, what = "2 rows of the training split have too few steps for the labels of word: ", "words.csv:4 has 6 labels, and the net puts out 5 steps"
	if err == nil || !strings.Contains(err.Error(), "loss: "+count) || !strings.Contains(err.Error(), what) {
		t.Errorf("got %v", err)
	}
	j := mustOpen(t, alignedSpec, fitting+short, "loss: ctc => loss: {type: ctc, zero_infinity: true}")
	if texts := strings.Join(j.Notes.Texts(), "\n"); !strings.Contains(texts, count) || !strings.Contains(texts, what+"; such rows count with a loss of 0 (zero_infinity)") {
		t.Errorf("notes: %s", texts)
	}
}

// Settings that are for other ways to write, and targets that cannot be aligned, are mistakes.
func TestMistakesOfAlignment(t *testing.T) {
	const rows = "keys,word\nhhhhhh,hi\naabbcc.d,abcd\n"
	for _, c := range []struct {
		set  []string
		want string
	}{
		{[]string{"loss: ctc => loss: ctc\npredict: {beam: 4, no_repeat: 2}"}, "predict.no_repeat: is for texts that are written token by token"},
		{[]string{"batch_size: 4 => batch_size: 4, teacher_forcing: 0.5"}, "train.teacher_forcing: is for nets that write texts token by token; with loss: ctc"},
		{[]string{"type: text, tokenizer: char}\nlayers => type: category}\nlayers"}, "loss: ctc needs a text as target"},
		{[]string{"  - {type: dense, units: vocabulary} =>   - global_max_pool1d\n  - {type: dense, units: vocabulary}"}, "loss: ctc needs a prediction for each step"},
		{[]string{"loss: ctc => loss: ctc\nmetrics: [perplexity]"}, "metrics[0]: perplexity judges a class for each step"},
		{[]string{"loss: ctc => predict: {beam: 4}\ntrain2: 1", "word, type: text, tokenizer: char => word, type: category"}, "predict: is for nets that write texts"},
	} {
		_, err := openText(t, alignedSpec, rows, c.set...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", c.set, err)
		}
	}
}

// A share of tokens is at most 1, and a language model has no texts of its own.
func TestSettingsForWriting(t *testing.T) {
	const writing = `
dataset:
  train: words.csv
  inputs: [{column: keys, type: text, tokenizer: char}]
  target: {column: word, type: text, tokenizer: char}
layers:
  - {name: read, type: embedding, size: 5, inputs: [keys]}
  - {name: prefix, type: embedding, size: 5, inputs: [word]}
  - {name: state, type: gru, units: 6, sequences: true}
  - {type: attention, inputs: [state, read]}
  - {type: dense, units: vocabulary}
train: {batch_size: 4, teacher_forcing: SHARE}
`
	const rows = "keys,word\nhhhhhh,hi\naabbcc.d,abcd\n"
	mustOpen(t, writing, rows, "SHARE => {type: polynomial, initial: 1, final: 0.5}")
	mustOpen(t, writing, rows, "SHARE => 1}\npredict: {max_length: 30")
	const learned = "size: 5, inputs: [word] => size: 5, inputs: [word], positions: learned"
	mustOpen(t, writing, rows, "SHARE => 1}\npredict: {max_length: 4", learned)
	if _, err := openText(t, writing, rows, "SHARE => 1}\npredict: {max_length: 30", learned); err == nil || !strings.Contains(err.Error(), "predict.max_length: is 30 tokens, and the net writes no more than 4 of word") {
		t.Errorf("longer texts than there are positions: got %v", err)
	}
	for share, want := range map[string]string{
		"1.5": "train.teacher_forcing: reaches 1.5: it is the share of tokens that are those of the data, at most 1",
		"{type: polynomial, initial: 1, final: 3}": "train.teacher_forcing: reaches 3: ",
		"-1": "train.teacher_forcing: -1 is out of range: want 0 or more",
	} {
		if _, err := openText(t, writing, rows, "SHARE => "+share); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", share, err)
		}
	}
	const language = "dataset: {format: text, train: words.csv, tokenizer: char, window: 4}\nlayers: [{type: embedding, size: 4}, {type: gru, units: 4, sequences: true}, {type: dense, units: vocabulary}]\npredict: {beam: 2}\ntrain: {batch_size: 4, teacher_forcing: 0.5}\n"
	_, err := openText(t, language, rows)
	for _, want := range []string{"predict: is for nets that write texts; a language model has no text of its own", "train.teacher_forcing: is for nets that write texts token by token; a language model"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("a language model: got %v", err)
		}
	}
}
