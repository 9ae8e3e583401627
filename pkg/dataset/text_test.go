package dataset_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/tokenizer"
)

// windows are the rows of a part as texts: of the tokens, and of those that follow them.
func windows(t *testing.T, s *dataset.Schema, p *dataset.Part) (inputs, labels []string) {
	t.Helper()
	b := s.NewBatch(1)
	spell := s.LabelColumns[0].Generated().Text
	for row := range p.Rows() {
		if err := p.Fill(b, []int{row}); err != nil {
			t.Fatal(err)
		}
		n := int(b.Lengths[0][0])
		inputs = append(inputs, spell(b.Ints[0][:n]))
		from, to := b.LabelsOf(0, 0)
		labels = append(labels, spell(b.Heads[0].Ints[from:to]))
	}
	return inputs, labels
}

func loadText(t *testing.T, text, section string) *dataset.Data {
	t.Helper()
	return datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.txt": text}), "{format: text, path: d.txt, "+section+"}")
}

// TestTextWindows: training has a window at each place, the other splits follow one another and predict each token but their
// first once.
func TestTextWindows(t *testing.T) {
	d := loadText(t, "abc def ghi jkl mno", "window: 4, split: {train: 11, validation: 8}")
	inputs, labels := windows(t, d.Schema, d.Train)
	if want := []string{"abc ", "bc d", "c de", " def", "def ", "ef g", "f gh"}; !slices.Equal(inputs, want) {
		t.Errorf("inputs %q", inputs)
	}
	if want := []string{"bc d", "c de", " def", "def ", "ef g", "f gh", " ghi"}; !slices.Equal(labels, want) {
		t.Errorf("labels %q", labels)
	}
	inputs, labels = windows(t, d.Schema, d.Validation) // training never saw these characters, but for spaces
	if want := []string{" ���", " ��"}; !slices.Equal(inputs, want) {
		t.Errorf("inputs of validation %q", inputs)
	}
	if want := []string{"��� ", "���"}; !slices.Equal(labels, want) {
		t.Errorf("labels of validation %q", labels)
	}
	if d.Train.CountLabels(0) != 28 || d.Validation.CountLabels(0) != 7 || !datasettest.Noted(d, "6 of 8 tokens are not in") {
		t.Error(d.Train.CountLabels(0), d.Validation.CountLabels(0), d.Notes)
	}
	if inputs, _ = windows(t, d.Schema, dataset.Covering(d.Train, 0)); !slices.Equal(inputs, []string{"abc ", "def ", "gh"}) {
		t.Errorf("windows that cover training: %q", inputs)
	}
	if inputs, _ = windows(t, d.Schema, dataset.Covering(d.Train, 2)); !slices.Equal(inputs, []string{"abc ", "def "}) {
		t.Errorf("two windows of training: %q", inputs)
	}
	if got := d.Train.Place(1); !strings.HasSuffix(got, "d.txt, token 2 of train") {
		t.Error(got)
	}
	d = loadText(t, "abc def ghi jkl mno", "window: 4, stride: 3, split: {train: 11, validation: 8}")
	if inputs, _ = windows(t, d.Schema, d.Train); !slices.Equal(inputs, []string{"abc ", " def", "f gh"}) {
		t.Errorf("with a stride: %q", inputs)
	}
}

// TestTextTokenizers: each kind of tokenizer gives windows whose texts are those of the file, as exactly as it can.
func TestTextTokenizers(t *testing.T) {
	text := strings.Repeat("Two  young men,\r\n\r\nnear \tcafe\u0301s.\n", 30)
	for key, exact := range map[string]bool{"char": true, "byte_bpe": true, "{type: char, lowercase: true}": false, "bpe": false, "word": false, "whitespace": false} {
		d := loadText(t, text, "window: 5, tokenizer: "+key+", split: {validation: 0.3}")
		if !d.Schema.Heads[0].Axis.Continues || d.Schema.Heads[0].Axis.Ends || d.Schema.Heads[0].Axis.Steps != 5 {
			t.Errorf("%s: %+v", key, d.Schema.Heads[0].Axis)
		}
		_, labels := windows(t, d.Schema, d.Validation)
		all := strings.Join(labels, "")
		if exact != strings.HasSuffix(text, all) || len(all) < len(text)/6 {
			t.Errorf("%s: the labels are %q", key, all)
		}
		if inputs, _ := windows(t, d.Schema, d.Train); strings.Contains(strings.Join(inputs, ""), tokenizer.UnknownText) {
			t.Errorf("%s: training has unknown tokens: %q", key, inputs)
		}
	}
}

// TestTextFitsTraining: what is in other splits changes no token.
func TestTextFitsTraining(t *testing.T) {
	a := loadText(t, "abc def ghi jkl", "window: 2, split: {validation: 4}")
	b := loadText(t, "abc def ghi xyz", "window: 2, split: {validation: 4}")
	if x, y := a.Schema.Heads[0].Classes, b.Schema.Heads[0].Classes; !slices.Equal(x, y) || a.Digest == b.Digest {
		t.Errorf("%q, %q", x, y)
	}
}

// TestTextDocuments: several files are one text with <end> between them, in the order of a folder's names or of the list.
func TestTextDocuments(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"b.txt": "def", "a.txt": "abc", "c.txt.gz": "ghi", "empty.txt": ""})
	for section, want := range map[string]string{
		"path: ., split: {validation: 0}":                               "ab bc c d de ef f g gh",
		"path: '*.txt', split: {validation: 0}":                         "ab bc c d de",
		"path: [b.txt, a.txt], split: {validation: 0}":                  "de ef f a ab",
		"train: [a.txt, b.txt], validation: [b.txt, a.txt]":             "ab bc c d de",
		"train: [a.txt, b.txt], split: {validation: 3}, test: c.txt.gz": "ab",
	} {
		d := datasettest.MustLoad(t, dir, "{format: text, window: 2, "+section+"}")
		inputs, _ := windows(t, d.Schema, d.Train)
		if got := strings.Join(inputs, " "); got != want {
			t.Errorf("%s: %q, want %q", section, got, want)
		}
		h := &d.Schema.Heads[0]
		if ends := h.Classes[len(h.Classes)-1] == column.EndToken; ends != (want != "ab") || ends != h.Axis.Ends {
			t.Errorf("%s: classes %q, axis %+v", section, h.Classes, h.Axis)
		}
		e := d.Schema.Inputs[0].Encoder.(column.PrefixEncoder)
		if h.Axis.Ends && (e.Begin() != e.End() || int(e.End()) != h.Width-1) || !h.Axis.Ends && int(e.End()) < h.Width {
			t.Errorf("%s: begins with %d and ends with %d of %d", section, e.Begin(), e.End(), h.Width)
		}
	}
}

// TestTextBegins: what is written without a prompt begins like a line, or like the text.
func TestTextBegins(t *testing.T) {
	for text, want := range map[string]string{"ab\ncd\nef": "\n", "ab cd ef": "a"} {
		d := loadText(t, text, "window: 2, split: {validation: 0}")
		e := d.Schema.Inputs[0].Encoder.(column.PrefixEncoder)
		if got := d.Schema.Heads[0].Classes[e.Begin()]; got != want {
			t.Errorf("%q: begins with %q", text, got)
		}
	}
}

// TestTextJSON: a schema from a model encodes as the one that was fitted.
func TestTextJSON(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"a.txt": "abc def ghi", "b.txt": "jkl mno", "other.txt": "def xyz\nab"})
	section := "{format: text, path: [a.txt, b.txt], window: 4, split: {validation: 5}}"
	d := datasettest.MustLoad(t, dir, section)
	data, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var s dataset.Schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(&s); string(again) != string(data) || !dataset.ContinuesText(&s) {
		t.Errorf("%s\n%s", again, data)
	}
	settings, p := datasettest.SettingsOf(t, section)
	loaded := dataset.LoadWith(settings, &s, dir, 1, p)
	if p.Len() > 0 || loaded.Digest != d.Digest {
		t.Fatal(p.Messages(), loaded.Digest, d.Digest)
	}
	a, _ := windows(t, d.Schema, d.Validation)
	b, _ := windows(t, &s, loaded.Validation)
	if !slices.Equal(a, b) || len(a) != 1 {
		t.Errorf("%q, %q", a, b)
	}
	part, unknown, err := dataset.TextPart(&s, "other", []corpus.Document{{Name: dir + "/other.txt"}, {Name: "memory", Data: []byte("gh")}})
	if err != nil || unknown != 4 {
		t.Fatal(unknown, err)
	}
	_, labels := windows(t, &s, part)
	if want := []string{"ef �", "���a", "bgh"}; !slices.Equal(labels, want) { // <end> before the g
		t.Errorf("labels of another text %q", labels)
	}
	if _, _, err := dataset.TextPart(&s, "short", []corpus.Document{{Name: "short", Data: []byte("a")}}); err == nil {
		t.Error("nothing to predict, and no error")
	}
	for _, broken := range []string{strings.Replace(string(data), `"begin":`, `"begin":99`, 1), strings.Replace(string(data), `"length":4`, `"length":0`, 1)} {
		if json.Unmarshal([]byte(broken), &dataset.Schema{}) == nil {
			t.Error("a broken schema is read")
		}
	}
}

// TestTextInFile: tokens that memory has no room for give the same bits, on several threads too.
func TestTextInFile(t *testing.T) {
	var b strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&b, "%d ", i*i%9973)
	}
	dir := datasettest.Write(t, map[string]string{"d.txt": b.String()})
	load := func(more string) *dataset.Data {
		return datasettest.MustLoad(t, dir, "{format: text, path: d.txt, window: 50, split: {validation: 0.2}"+more+"}")
	}
	inMemory, filed := load(""), load(", memory: 0.000001, cache: cache")
	if inMemory.Train.Ahead() || !filed.Train.Ahead() || !datasettest.Noted(filed, "tokens are in a temporary file") || inMemory.Digest != filed.Digest {
		t.Fatal(inMemory.Notes, filed.Notes)
	}
	done := make(chan bool)
	for worker := range 4 {
		go func() {
			x, y := inMemory.Schema.NewBatch(8), filed.Schema.NewBatch(8)
			same := true
			for i := range 50 {
				var rows []int
				for k := range 8 {
					rows = append(rows, (worker+1)*(i+1)*(k+1)*4999%inMemory.Train.Rows())
				}
				err := filed.Train.Fill(y, rows)
				inMemory.Train.Fill(x, rows)
				same = same && err == nil && slices.Equal(x.Ints[0], y.Ints[0]) && slices.Equal(x.Heads[0].Ints, y.Heads[0].Ints)
			}
			done <- same
		}()
	}
	for range 4 {
		if !<-done {
			t.Error("the file gives other windows")
		}
	}
}

// TestTextMistakes: each says what is wrong and where.
func TestTextMistakes(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.txt": "abc def ghi", "empty.txt": "", "bad.txt": "a\nb\xff", "latin.txt": "ok"})
	for section, want := range map[string]string{
		"path: none.txt":  "dataset.path: none.txt: no such file",
		"path: empty.txt": "dataset.path: there is no text in empty.txt",
		"path: bad.txt":   `dataset.path: bad.txt:2: "\xff" is not UTF-8`,
		"path: '*.md'":    `dataset.path: no file matches "*.md"`,
		"path: d.txt, window: 11, split: {validation: 0}":       "dataset.window: is 11 tokens, and the training split has 11",
		"path: d.txt, window: 0":                                "dataset.window: 0 is out of range",
		"path: d.txt, split: {validation: 0.1, order: false}":   "dataset.split.order: must be true: a text is cut in its order",
		"path: d.txt, split: {validation: 0.1, stratify: true}": "dataset.split",
		"path: d.txt, split: {validation: 11}":                  "dataset.split: 11 characters leave none for training",
		"path: d.txt, target: x":                                "dataset.target: is for rows of columns",
		"path: d.txt, inputs: [x]":                              "dataset.inputs: is for rows of columns",
		"path: d.txt, order_by: x":                              "dataset.order_by: is for rows of columns",
		"path: d.txt, tokenizer: word, window: 1":               "dataset.tokenizer: finds no token that is frequent enough",
		"path: d.txt, tokenizer: wrd":                           "dataset.tokenizer",
		"path: d.txt, train: d.txt":                             "dataset.path: give either path",
	} {
		d, problems := datasettest.TryLoad(t, dir, "{format: text, "+section+"}", 1)
		if problems = strings.ReplaceAll(problems, dir+"/", ""); !strings.Contains(problems, want) || strings.Count(problems, "\n") > 0 && !strings.Contains(section, "stratify") {
			t.Errorf("%s: %s, want %s", section, problems, want)
		}
		if d.Train != nil && d.Schema == nil {
			t.Errorf("%s: rows without a schema", section)
		}
	}
}
