package train

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// writing is a spec whose net writes, given its own tokens more and more.
func writing(t *testing.T) string {
	rows := "word,said\nwalking,walk it\nas,is\nhouses,house\ni,eyes now\nrun,runner\nsun,sunny\nno,not so\n"
	path := filepath.Join(t.TempDir(), "words.csv")
	if err := os.WriteFile(path, []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	return `
name: writing
seed: 5
dataset: {train: ` + path + `, inputs: [{column: word, type: text, tokenizer: char}], target: {column: said, type: text, tokenizer: char}}
layers:
  - {name: letters, type: embedding, inputs: [word], size: 5}
  - {name: memory, type: gru, inputs: [letters], units: 6, sequences: true}
  - {name: prefix, type: embedding, inputs: [said], size: 5}
  - {name: state, type: gru, inputs: [prefix], units: 6, sequences: true}
  - {name: context, type: attention, inputs: [state, memory]}
  - {type: concat, inputs: [state, context]}
  - {type: dense, units: vocabulary}
train: {epochs: 3, batch_size: 3, teacher_forcing: {type: polynomial, power: 1, initial: 1, final: 0.2}}
`
}

// A training that was stopped and resumed ends in the same bits, whatever the net is given of its own; and that matters.
func TestTeacherForcing(t *testing.T) {
	text := writing(t)
	want := weightBits(run(t, open(t, text), t.TempDir(), 2, 0))
	dir := t.TempDir()
	run(t, open(t, text), dir, 1, 4)
	if got := weightBits(run(t, open(t, text), dir, 2, 0)); !slices.Equal(got, want) {
		t.Error("stopped after 4 updates and resumed: other bits")
	}
	whole := weightBits(run(t, open(t, text, "train.teacher_forcing=1"), t.TempDir(), 1, 0))
	if slices.Equal(whole, want) {
		t.Error("the net's own tokens change nothing")
	}
	if got := weightBits(run(t, open(t, strings.Replace(text, ", teacher_forcing: {type: polynomial, power: 1, initial: 1, final: 0.2}", "", 1)), t.TempDir(), 1, 0)); !slices.Equal(got, whole) {
		t.Error("a share of 1 is another training than that without the setting")
	}
}
