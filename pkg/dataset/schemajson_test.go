package dataset_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// TestForeignSchemas: what a file says of the data is believed only where its parts fit one another.
func TestForeignSchemas(t *testing.T) {
	rows := "n,k,w,t0,t1,y,z\n"
	for range 20 {
		rows += "1,a,ab ba,1,2,yes,3\n2,b,ba,2,5,no,4\n3,a,ab,1,1,no,5\n"
	}
	shops := "day,v\n"
	for i := range 40 {
		shops += "2024-01-" + string(rune('0'+i/10)) + string(rune('0'+i%10)) + ",1" + string(rune('0'+i%10)) + "\n"
	}
	shops = strings.Replace(shops, "2024-01-00,10\n", "", 1)
	shops = shops[:strings.Index(shops, "2024-01-32")]
	dir := datasettest.Write(t, map[string]string{"d.csv": rows, "s.csv": shops})
	stored := func(settings string) string {
		data, err := json.Marshal(datasettest.MustLoad(t, dir, settings).Schema)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	table := stored(`{path: d.csv, inputs: [{column: n, type: number}, {column: k, type: category}, {column: w, type: text}, {columns: "t*", name: wave, type: series}], target: {column: y, type: binary}}`)
	runs := stored(`{path: d.csv, inputs: [{column: n, type: number}, {column: t0, type: number}, {column: k, type: category}, {column: w, type: category}], target: {column: y, type: binary}}`)
	indexed := stored(`{path: d.csv, inputs: [{columns: [w, y], name: both, type: category, encode: index}], target: {column: k, type: category}}`)
	texts := stored(`{path: d.csv, inputs: [{column: k, type: text}], target: {column: w, type: text}}`)
	windows := stored(`{path: s.csv, order_by: day, inputs: [{columns: [v], name: past, type: series, window: 4, level: last}], target: {column: v, type: series, horizon: 2}}`)
	for _, c := range []struct{ schema, old, new, want string }{
		{table, `"shape":[3]`, `"shape":[4]`, `block "features" is not filled`},
		{table, `"hi":1`, `"hi":2`, `input "n": numbers 0 to 2 of its block are not its own`},
		{table, `"lo":1`, `"lo":0`, `input "k": numbers 0 to 3`},
		{table, `"block":0`, `"block":-1`, "it lies in no block"},
		{table, `"block":1`, `"block":9`, "it lies in no block"},
		{table, `"vocabulary":4`, `"vocabulary":5`, "and 5 categories"},
		{table, `"name":"k"`, `"name":"n"`, `two inputs are called "n"`},
		{table, `"name":"w","ints"`, `"name":"wave","ints"`, `two blocks are called "wave"`},
		{table, `"sequence":true`, `"sequence":false`, "of another sort"},
		{table, `{"scaling"`, `null,{"scaling"`, `input "wave" was fitted to 4 columns, and 2 are named`},
		{table, `"scale":[0.8`, `"scale":[-0.8`, `input "n" is scaled by -0.8`},
		{runs, `"names":["n","t0"]`, `"names":["n"]`, `one of the inputs "n" to "n" was fitted to 2 columns, and 1 are named`},
		{runs, `"names":["n","t0"]`, `"names":["n","n"]`, `two inputs are called "n"`},
		{runs, `"names":["n","t0"]`, `"names":[]`, `was fitted to 2 columns, and 0 are named`},
		{runs, `"scale":[`, `"scale":[0,`, `one of the inputs "n" to "t0" cannot be read: there are 2 shifts and 3 other figures`},
		{runs, `"scale":[`, `"scale":[],"was":[`, "there are 2 shifts and 0 other figures"},
		{runs, `"fill":[`, `"log":["log1p"],"fill":[`, "there are 2 shifts and 1 other figures"},
		{runs, `"fill":[`, `"log":["ln",""],"fill":[`, `has the unknown logarithm "ln"`},
		{runs, `"scale":[0.8`, `"scale":[-0.8`, `one of the inputs "n" to "t0" is scaled by -0.8`},
		{runs, `"block":0,"lo":0,"hi":2`, `"block":0,"lo":0,"hi":3`, "does not lie between the numbers 0 and 3"},
		{runs, `"block":0,"lo":0,"hi":2`, `"block":0,"lo":9223372036854775807,"hi":-9223372036854775807`, `input "n": numbers 9223372036854775807`},
		{runs, `"block":0`, `"block":9`, "it lies in no block"},
		{runs, `"type":"number"`, `"type":"auto","columns":[{"type":"number","shift":[0],"scale":[1]},{"type":"number","shift":[0],"scale":[1]}]`, "stored one by one"},
		{runs, `"type":"category"`, `"type":"category","index":true`, "has 2 vocabularies"},
		{runs, `"columns":[{"words":["a","b"]}`, `"columns":[null`, "has no vocabulary"},
		{indexed, `"name":"both","block"`, `"names":["w","y"],"block"`, "stored one by one"},
		{table, `"columns":["n"]`, `"columns":[]`, "was fitted to 1 columns, and 0 are named"},
		{table, `"columns":[{"words":["a","b"]`, `"columns":[null,{"words":["a","b"]`, "has no vocabulary"},
		{table, `"positive":["yes"]`, `"positive":[]`, "has no word that means yes"},
		{table, `"form":"columns","steps":2`, `"form":"columns","steps":4611686018427387905`, "has 4611686018427387905 steps"},
		{table, `"form":"columns"`, `"form":"circles"`, `has the unknown form "circles"`},
		{table, `"form":"columns"`, `"form":"window"`, `input "wave"`},
		{table, `"inputs":[`, `"inputs":[],"was":[`, "it has no inputs"},
		{table, `"columns":[{"type":"binary"`, `"columns":[{"type":"tags"`, "does not say what a tag is"},
		{indexed, `"width":2`, `"width":3`, "was fitted to 3 columns, and 2 are named"},
		{indexed, `"classes":["a","b"]}`, `"classes":[]}`, "has no classes"},
		{texts, `"length":2,"tokenizer"`, `"length":4611686018427387904,"tokenizer"`, "has texts of 4611686018427387904 tokens"},
		{texts, `"target":{`, `"target":{"separate":true,`, ""},
		{windows, `"ahead":1`, `"ahead":0`, "is step 0 of 2"},
		{windows, `"horizon":2`, `"horizon":0`, "is step 0 of 0"},
		{windows, `"input":0`, `"input":3`, "is relative to an input that is not there"},
		{windows, `"channel":0`, `"channel":1`, "is relative to an input without an offset"},
		{windows, `"offset":-4`, `"offset":-4611686018427387904`, "rows away"},
		{windows, `"timing":`, `"was":`, "do not follow one another"},
	} {
		changed := strings.Replace(c.schema, c.old, c.new, 1)
		if changed == c.schema {
			t.Errorf("there is no %s in %s", c.old, c.schema)
			continue
		}
		err := json.Unmarshal([]byte(changed), &dataset.Schema{})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s to %s: got %v, want %s", c.old, c.new, err, c.want)
		}
	}
}

// Inputs that are alike are stored together and come back each by itself, with what was fitted to the bit.
func TestRunsOfInputs(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("a,b,c,d,k,l,m,n,y\n")
	for i := range 40 {
		fmt.Fprintf(&rows, "%d.1,%d,%d,,%c,%c,%s,%s,%d\n", i*i, 1+i%7, 3-i, 'a'+i%3, 'd'+i%4, []string{"yes", "no"}[i%2], []string{"on", "off"}[i/2%2], i)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": strings.Replace(rows.String(), ",,a", ",7,a", 1)})
	s := datasettest.MustLoad(t, dir, `{path: d.csv, inputs: [{column: a, type: number, missing: error}, {column: b, type: number, normalize: log1p}, {column: c, type: number, normalize: quantile},
		{column: d, type: number}, {column: k, type: category}, {column: l, type: category}, {columns: [k, l], name: kl, type: category, encode: index}, {column: m, type: binary}, {column: n, type: binary}], target: y}`).Schema
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var own struct{ Inputs []struct{ Names []string } }
	if err := json.Unmarshal(data, &own); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(own.Inputs); got != "[{[a b c d]} {[k l]} {[]} {[m n]}]" {
		t.Errorf("stored as %s", got)
	}
	var back dataset.Schema
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	for i := range s.Inputs {
		want, got := s.Inputs[i], back.Inputs[i]
		want.Inferred = ""
		if !reflect.DeepEqual(got, want) {
			t.Errorf("input %d came back as %+v, was %+v", i, got, want)
		}
	}
	again, err := json.Marshal(&back)
	if err != nil || string(again) != string(data) {
		t.Errorf("stored again as %s, was %s: %v", again, data, err)
	}
}

// Former versions wrote an object for each input, and for each of its columns.
func TestInputsOfFormerVersions(t *testing.T) {
	const rest = `"target":{"names":["y"],"columns":[{"type":"number","scaling":{"shift":0,"scale":1}}]}}`
	var former, now dataset.Schema
	for text, s := range map[string]*dataset.Schema{
		`{"blocks":[{"name":"features","shape":[2]}],"inputs":[{"name":"a","block":0,"lo":0,"hi":1,"shape":[1],"columns":["a"],"fitted":{"type":"number","columns":[{"fill":0.5,"scaling":{"shift":1,"scale":2}}]}},` +
			`{"name":"b","block":0,"lo":1,"hi":2,"shape":[1],"columns":["b"],"fitted":{"type":"number","columns":[{"scaling":{"log":"log1p","shift":3,"scale":4}}]}}],` + rest: &former,
		`{"blocks":[{"name":"features","shape":[2]}],"inputs":[{"names":["a","b"],"block":0,"lo":0,"hi":2,"fitted":{"type":"number","fill":[0.5,null],"log":["","log1p"],"shift":[1,3],"scale":[2,4]}}],` + rest: &now,
	} {
		if err := json.Unmarshal([]byte(text), s); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(former, now) {
		t.Errorf("read %+v, want %+v", former, now)
	}
}

// Inputs are read on several threads, and the first that is wrong is told whichever of them meets it.
func TestFirstWrongInputIsTold(t *testing.T) {
	texts := make([]string, 2000)
	for i := range texts {
		texts[i] = fmt.Sprintf(`{"name":"c%d","columns":["c%d"],"fitted":{"type":"number","columns":[{"fill":0,"scaling":{"shift":0,"scale":1}}]}}`, i, i)
	}
	for _, wrong := range []int{1999, 1200, 700} {
		texts[wrong] = fmt.Sprintf(`{"name":"c%d","fitted":{"type":"nothing"}}`, wrong)
		var schema dataset.Schema
		err := json.Unmarshal([]byte(`{"inputs":[`+strings.Join(texts, ",")+"]}"), &schema)
		if want := fmt.Sprintf("input \"c%d\" has the unknown type", wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("told %v, want %s", err, want)
		}
	}
}
