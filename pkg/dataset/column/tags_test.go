package column_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

const (
	taggedRows = "text,tags\nabc,xyx\nb,y\nca b,xx.y\n"
	charTags   = `inputs: [{column: text, type: text, tokenizer: char}], target: {column: tags, type: tags, separator: ""}`
)

func TestTags(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": taggedRows}), "{train: x.csv, "+charTags+"}")
	s := d.Schema
	if s.Heads[0].Kind != "category" || !slices.Equal(s.Heads[0].Classes, []string{".", "x", "y"}) || s.Heads[0].Block != 0 {
		t.Fatalf("%+v", s.Heads[0])
	}
	if got := d.Train.LabelCounts()[0]; !slices.Equal(got, []int{1, 4, 3}) || d.Train.CountLabels(0) != 8 {
		t.Errorf("counts %v of %d", got, d.Train.CountLabels(0))
	}
	b := s.NewBatch(3)
	for i := range b.Heads[0].Ints {
		b.Heads[0].Ints[i] = 9 // of an earlier batch
	}
	if err := d.Train.Fill(b, []int{1, 0}); err != nil {
		t.Fatal(err)
	}
	if b.Steps[0] != 3 || !slices.Equal(b.Heads[0].Ints[:6], []int32{2, 0, 0, 1, 2, 1}) {
		t.Errorf("%d steps, classes %v", b.Steps[0], b.Heads[0].Ints)
	}
	b = s.NewFixedBatch(3, []int{4})
	if err := d.Train.Fill(b, []int{1, 0}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.Heads[0].Ints[:8], []int32{2, 0, 0, 0, 1, 2, 1, 0}) {
		t.Errorf("with room for 4 steps: %v", b.Heads[0].Ints)
	}
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var again dataset.Schema
	if err := json.Unmarshal(data, &again); err != nil {
		t.Fatal(err)
	}
	if second, _ := json.Marshal(&again); string(second) != string(data) || again.Heads[0].Block != 0 {
		t.Errorf("the schema changes on its way through JSON:\n%s\n%s", data, second)
	}
}

// Tags are cut as their sequence is.
func TestTagsOfCutTexts(t *testing.T) {
	for truncate, want := range map[string][]int32{"start": {0, 2}, "end": {1, 1}} {
		d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": taggedRows}),
			"{train: x.csv, "+strings.Replace(charTags, "char}", "char, max_length: 2, truncate: "+truncate+"}", 1)+"}")
		b := d.Schema.NewBatch(1)
		if err := d.Train.Fill(b, []int{2}); err != nil || !slices.Equal(b.Heads[0].Ints, want) {
			t.Errorf("cut at the %s: %v, %v", truncate, b.Heads[0].Ints, err)
		}
	}
}

func TestTagsOfWords(t *testing.T) {
	lines := `{"words": ["The", "cat", "(big)"], "pos": ["D", "N", "A"]}
{"words": "a  dog", "pos": "D N"}
{"words": [], "pos": []}
`
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.jsonl": lines}),
		"{train: x.jsonl, inputs: [{column: words, type: text, tokenizer: {type: whitespace, min_count: 1}}], target: {column: pos, type: tags}}")
	b := d.Schema.NewBatch(3)
	if err := d.Train.Fill(b, []int{0, 1, 2}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(b.Lengths[0], []int32{3, 2, 0}) || !slices.Equal(b.Heads[0].Ints, []int32{1, 2, 0, 1, 2, 0, 0, 0, 0}) {
		t.Errorf("lengths %v, classes %v", b.Lengths[0], b.Heads[0].Ints)
	}
}

// Numbers and labels for each step, and several of them.
func TestTagsOfOtherKinds(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "text,a,b\nxy,1;3,2;8\nx,2,3\n",
		`inputs: [{column: text, type: text, tokenizer: char}], target: [{column: a, type: tags, separator: ";", each: number}, {column: b, type: tags, separator: ";", each: {type: number, normalize: zscore}}]`)
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	target := &d.Schema.Heads[0]
	own := make([]float64, len(b.Heads[0].Floats))
	target.Denormalized(own, b.Heads[0].Floats)
	if want := []float64{1, 2, 3, 8, 2, 3}; target.Kind != "number" || target.Width != 2 || !near(own[:6], want) || b.Heads[0].Floats[6] != 0 {
		t.Errorf("%s %v", target.Kind, own)
	}
	d, problems = datasettest.LoadTable(t, "text,a\nxy,yes no\nx,no\n", `inputs: [{column: text, type: text, tokenizer: char}], target: {column: a, type: tags, each: binary}`)
	if problems != "" {
		t.Fatal(problems)
	}
	if got := d.Train.LabelCounts()[0]; d.Schema.Heads[0].Kind != "binary" || !slices.Equal(got, []int{2, 1}) {
		t.Errorf("%+v, %v", d.Schema.Heads[0], got)
	}
}

func near(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return a-b < 1e-5 && b-a < 1e-5 })
}

func TestTagMistakes(t *testing.T) {
	text := `inputs: [{column: text, type: text, tokenizer: char}], target: `
	for _, c := range []struct{ rows, section, want string }{
		{"abc,xy\nb,y\n", charTags, `x.csv:2: column "tags": has 2 tags, and text has 3 tokens; there must be one for each`},
		{"abc,x y\nb,y\n", text + "{column: tags, type: tags}", `x.csv:2: column "tags": has 2 tags, and text has 3 tokens`},
		{"ab,1 x\nb,2\n", text + "{column: tags, type: tags, each: number}", `tag 2: "x" is not a number`},
		{"ab,1 1e400\nb,2\n", text + "{column: tags, type: tags, each: number}", `tag 2: "1e400" is too large`},
		{`ab,"1,"` + "\nb,2\n", text + `{column: tags, type: tags, separator: ",", each: number}`, "tag 2 is missing"},
		{"ab,x y\nb,z\n", text + "{column: tags, each: {classes: [x, y]}}", `tag 1, "z", is not one of the 2`},
		{"ab,x x\nb,x\n", text + "{column: tags, type: tags}", "there is nothing to predict"},
		{"ab,x y\nb,x\n", text + "{column: tags, each: tags}", "a tag is a category, a binary or a number"},
		{"ab,x y\nb,x\n", text + "{column: tags, type: tags, input: txt}", `no sequence is called "txt"; there are: text`},
		{"ab,x y\nb,x\n", text + "{column: tags, type: tags}, split: {validation: 0.5, stratify: true}", "lists several for each row"},
	} {
		_, problems := datasettest.LoadTable(t, "text,tags\n"+c.rows, c.section)
		if !strings.Contains(problems, strings.ReplaceAll(c.want, "x.csv", "d.csv")) {
			t.Errorf("%s\n got  %s\n want %s", c.section, problems, c.want)
		}
	}
}

// A stream reads tags where they are asked for; a row with the wrong number of them keeps its place.
func TestTagsInStreams(t *testing.T) {
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"x.csv": taggedRows}), "{train: x.csv, "+charTags+"}")
	rows := "tags,text\nxy,ab\nx,ab\nz,a\n,\nyyx,cab\n"
	st, err := stream.Open(d.Schema, strings.NewReader(rows), "y.csv", stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	b := d.Schema.NewBatch(5)
	if n, err := st.Next(b, 5); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	var bad []string
	for _, e := range st.Errors() {
		if e != nil {
			bad = append(bad, e.Error())
		}
	}
	if len(bad) != 2 || !strings.Contains(bad[0], "has 1 tag, and text has 2 tokens") || !strings.Contains(bad[1], `tag 1, "z", is not one of the 3`) {
		t.Errorf("errors %q", bad)
	}
	if !slices.Equal(b.Lengths[0], []int32{2, 0, 0, 0, 3}) || !slices.Equal(b.Heads[0].Ints[:15], []int32{1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1}) {
		t.Errorf("lengths %v, classes %v", b.Lengths[0], b.Heads[0].Ints[:15])
	}
	if st, err = stream.Open(d.Schema, strings.NewReader("text\nabc\n"), "y.csv", stream.Options{}); err != nil {
		t.Fatal(err)
	}
	if n, err := st.Next(b, 5); n != 1 || err != nil && err != io.EOF || st.Errors()[0] != nil {
		t.Error(n, err, st.Errors())
	}
}

// Series whose rows have the same length have answers for all their steps.
func TestTagsOfEvenSeries(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "s,y\n1 2 3,4 5 6\n3 2 1,6 5 4\n", `inputs: [{column: s, type: series, normalize: none}], target: {column: y, type: tags, each: {type: number, normalize: none}}`)
	if problems != "" {
		t.Fatal(problems)
	}
	s := d.Schema
	b := s.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	if !s.Even(0) || b.MaxLabels(0) != 3 || !slices.Equal(b.Heads[0].Floats, []float32{4, 5, 6, 6, 5, 4}) {
		t.Errorf("%+v, room for %d answers: %v", s.Blocks[0], b.MaxLabels(0), b.Heads[0].Floats)
	}
	if from, to := b.LabelsOf(0, 1); from != 3 || to != 6 {
		t.Errorf("answers %d to %d", from, to)
	}
}

// In a table with a row for each step, each row has a tag.
func TestTagsOfLongTables(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "id,at,x,state\na,2,1,off\na,1,0,on\nb,1,3,on\nb,2,4,off\nb,3,5,on\n",
		`sequence_id: id, order_by: at, inputs: [{column: x, type: series, normalize: none}], target: {column: state, type: tags}`)
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	if !slices.Equal(d.Schema.Heads[0].Classes, []string{"off", "on"}) || !slices.Equal(b.Heads[0].Ints, []int32{1, 0, 0, 1, 0, 1}) || !slices.Equal(b.Floats[0], []float32{0, 1, 0, 3, 4, 5}) {
		t.Errorf("%v of %v, series %v", b.Heads[0].Ints, d.Schema.Heads[0].Classes, b.Floats[0])
	}
	st, err := stream.Open(d.Schema, strings.NewReader("id,at,x,state\nc,1,7,on\nc,2,8,on\nd,2,1,off\nd,1,1,on\n"), "y.csv", stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := st.Next(b, 2); n != 2 || err != nil || st.Errors()[0] != nil || st.Errors()[1] != nil {
		t.Fatal(n, err, st.Errors())
	}
	if room := b.MaxLabels(0); !slices.Equal(b.Heads[0].Ints[:2*room], []int32{1, 1, 1, 0}) {
		t.Errorf("of a stream %v", b.Heads[0].Ints[:2*room])
	}
}
