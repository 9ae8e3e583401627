package column_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/numeral"
)

// inputCases are what each input type makes of a column v. Rows 0 to 3 of the column train, the others are a test split.
var inputCases = map[string][]struct {
	settings string
	fields   string // the column, by spaces; _ is a gap
	want     string // the numbers of each row, rows by /
	mistake  string
}{
	"number": {
		{"type: number", "1 3 1 3 5", "-1/1/-1/1/3", ""},
		{"type: number, normalize: none", "1 3 1 3 5", "1/3/1/3/5", ""},
		{"normalize: minmax", "1 5 2 3 9", "0/1/0.25/0.5/2", ""},
		{"normalize: robust", "9 1 5 1 7", "1.2/-0.4/0.4/-0.4/0.8", ""},
		{"normalize: log1p", "0 0 1 1 3", "0/0/0.6931472/0.6931472/1.3862944", ""},
		{"normalize: log_zscore", "1 1 4 4 2", "-1/-1/1/1/0", ""},
		{"normalize: log1p", "0 1 3 -1 0", "", "-1 has no logarithm"},
		{"type: number", "2 2 2 2 3", "0/0/0/0/1", ""},
		{"type: number, normalize: none", "1 _ 4 4 _", "1/3/4/4/3", ""},
		{"type: number, normalize: none, missing: median", "1 _ 2 4 _", "1/2/2/4/2", ""},
		{"type: number, normalize: none, missing: mode", "7 _ 4 4 _", "7/4/4/4/4", ""},
		{"type: number, normalize: none, missing: constant, fill: -1", "7 _ 4 4 _", "7/-1/4/4/-1", ""},
		{"type: number, normalize: none, missing: drop_row", "7 _ 4 5 _", "7/4/5", ""},
		{"type: number, missing: error", "7 _ 4 5 6", "", `d.csv:3: column "v": is missing`},
		{"type: number", "7 1 4 x y", "", `d.csv:5: column "v": "x" is not a number`},
		{"type: number, normalize: none", "7 1 4 Inf -", "7/1/4/4/4", ""},
		{"type: number", "7 1 4 3e308 3", "", `"3e308" is too large`},
		{"type: number", "1e-120 2e-120 1e-120 2e-120 1e-70", "", "1e-70 is too far from the numbers of the training split, which are 1.5e-120 give or take 5e-121"},
		{"type: number, normalize: none", "7 1 4 5 1e40", "", "1e+40 is too large"},
		{"missing: median", "1 _ 2 6 3", "-0.9258201/-0.46291006/-0.46291006/1.3887302/0", ""},
		{"type: number", "_ _ _ _ 1", "", "no number in the training split"},
	},
	"labels": {
		{"type: labels", "b|a a _ c|a| d|c", "1 1 0/1 0 0/0 0 0/1 0 1/0 0 1", ""}, // an unseen label is nothing
		{"type: labels, separator: ';', min_count: 2", "b;a a;b [] c b", "1 1/1 1/0 0/0 0/0 1", ""},
		{"type: labels", "[1] 1|3 [] [3] 1.0", "1 0/1 1/0 0/0 1/1 0", ""}, // a JSON list needs no separator
		{"type: labels", "['b'] ['a'] [] b a", "0 1/1 0/0 0/0 1/1 0", ""}, // as Python prints lists
		{"type: labels", "{b} {a} {} b a", "0 1/1 0/0 0/0 1/1 0", ""},     // as Postgres does
		{"type: labels", "2|10 2.0 10 2 10.0", "1 1/1 0/0 1/1 0/0 1", ""},
		{"type: labels, min_count: 3", "a b c d e", "", `no word of column "v" is in 3 rows`},
		{"type: labels, separator: ''", "a b c d e", "", "separator"},
	},
	"category": {
		{"type: category", "b a b c b", "0 1 0/1 0 0/0 1 0/0 0 1/0 1 0", ""},
		{"type: category", "10 9 9 10 8", "0 1/1 0/1 0/0 1/0 0", ""}, // by value; an unseen word is all zeros
		{"type: category", "3 4 3.0 4 4.0", "1 0/0 1/1 0/0 1/0 1", ""},
		{"type: category", "3 x 3.0 x x", "1 0 0/0 0 1/0 1 0/0 0 1/0 0 1", ""}, // not all are numbers
		{"encode: index", "3 4 3 4 4.0", "1/2/1/2/2", ""},
		{"type: category", "True False False True true", "0 1/1 0/1 0/0 1/0 1", ""}, // pandas' CSV and Parquet
		{"type: category", "true x true x True", "1 0/0 1/1 0/0 1/0 0", ""},         // words like others
		{"type: category", "b ? b n/a N/A", "1 0/0 1/1 0/0 1/0 1", ""},
		{"type: category, missing: constant, fill: '?'", "b ? b b n/a", "0 1/1 0/0 1/0 1/0 0", ""}, // spelled out: a word
		{"type: category", "b _ b a _", "0 1 0/0 0 1/0 1 0/1 0 0/0 0 1", ""},
		{"type: category, min_count: 2", "b b a c d", "1 0/1 0/0 1/0 1/0 1", ""}, // rare and unseen words are other
		{"type: category, max_categories: 1", "b a a c d", "0 1/1 0/1 0/0 1/0 1", ""},
		{"type: category, missing: mode", "b b _ a _", "0 1/0 1/0 1/1 0/0 1", ""},
		{"type: category, missing: constant, fill: a", "b b _ _ _", "0 1/0 1/1 0/1 0/1 0", ""},
		{"type: category, missing: drop_row", "b _ a b _", "0 1/1 0/0 1", ""},
		{"type: category, missing: error", "b a a b _", "", "is missing"},
		{"encode: index", "b a b c d", "2/1/2/3/0", ""},
		{"encode: index", "b _ b c d", "1/3/1/2/0", ""},
		{"encode: index, min_count: 2", "b _ b c d", "1/2/1/0/0", ""},
	},
	"binary": {
		{"type: binary", "no yes no no yes", "0/1/0/0/1", ""},
		{"type: binary", "true false true true false", "1/0/1/1/0", ""},
		{"type: binary", "true false true true FALSE", "1/0/1/1/0", ""},
		{"type: binary", "True False True True true", "1/0/1/1/1", ""},
		{"type: binary", "Yes No Yes Yes yes", "", `"yes" is neither "Yes" nor "No"`},
		{"type: binary", "f m f f m", "0/1/0/0/1", ""},
		{"type: binary", "m f f f m", "1/0/0/0/1", ""},
		{"type: binary", "+ - - + -", "1/0/0/1/0", ""},
		{"type: binary", "ja nein ja nein nein", "1/0/1/0/0", ""},
		{"type: binary", "нет да да да нет", "0/1/1/1/0", ""},
		{"type: binary", "normal abnormal abnormal abnormal normal", "0/1/1/1/0", ""},
		{"type: binary", "0 1 1 0 1.0", "0/1/1/0/1", ""},
		{"positive: [a, b]", "a b c d e", "1/1/0/0/0", ""},
		{"positive: a, negative: [c, d]", "a c d c d", "1/0/0/0/0", ""},
		{"positive: a, negative: [c, d]", "a c d c e", "", `"e" is neither "a" nor "c"`},
		{"positive: a, negative: c", "a c d d c", "", `words in neither positive nor negative: "d" (2 rows)`},
		{"positive: a", "a c c a A", "", `"A" is neither "a" nor "c" (did you mean a?)`},
		{"negative: c", "a c c a A", "", "negative needs positive, too"},
		{"positive: [a, '1'], negative: ['1.0']", "a c c a A", "", `"1.0" is in positive, too`},
		{"type: binary", "f m _ f _", "0/1/0/0/0", ""},
		{"type: binary, missing: constant, fill: m", "f m _ f _", "0/1/1/0/1", ""},
		{"type: binary, missing: drop_row", "f m _ f _", "0/1/0", ""},
		{"type: binary, missing: error", "f m f f _", "", "is missing"},
		{"type: binary", "f m f f x", "", `"x" is neither "m" nor "f"`},
		{"type: binary", "f m x f f", "", "3 different words"},
		{"type: binary", "True FALSE true false TRUE", "1/0/1/0/1", ""},
		{"positive: false", "True FALSE true false TRUE", "0/1/0/1/0", ""},
		{"type: binary", "True false true no TRUE", "", "4 different words"},
		{"positive: z", "f m x f f", "", `no row of the training split has z in column "v"`},
	},
	"auto": {
		{"", "1 3 1 3 5", "-1/1/-1/1/3", ""},
		{"", "1 3 1 3x 5", "1 0 0/0 1 0/1 0 0/0 0 1/0 0 0", ""},
		{"missing: drop_row", "1 _ 1 3 3", "-0.70710677/-0.70710677/1.4142135/1.4142135", ""},
		{"", "_ _ 2 2 _", "0/0/0/0/0", ""},
		{"", "1 ? 3 #N/A None", "-1/0/1/0/0", ""},
		{"", "a ? b - b", "0 1 0 0/0 0 0 1/0 0 1 0/1 0 0 0/0 0 1 0", ""}, // no number: a dash may be a word
	},
	"text": {
		{"tokenizer: char", "ba a b ab abb", "3 2/2 0/3 0/2 3/2 3", ""}, // at most as long as the longest of training
		{"tokenizer: char", "ab _ b a xa", "2 3/0 0/3 0/2 0/1 2", ""},
		{"tokenizer: char, max_length: 3, truncate: start", "ab b b a aabb", "3 2/2 0/2 0/3 0/3 2 2", ""},
		{"tokenizer: char, missing: drop_row", "ab _ b a _", "2 3/3 0/2 0", ""},
		{"tokenizer: char, missing: error", "ab _ b a a", "", "is missing"},
		{"tokenizer: {type: word, min_count: 1}", "b-a a b a-c a", "4 3 2/2 0 0/4 0 0/2 3 5/2", ""},
	},
	"series": { // more in series_test.go
		{"type: series, normalize: none", "1;2 3;4 5;6 7;8 9;10", "1 2/3 4/5 6/7 8/9 10", ""},
		{"type: series", "1;3 1;3 1;3 1;3 5;5", "-1 1/-1 1/-1 1/-1 1/3 3", ""},
		{"type: series, normalize: none", "1;_;3 1;2;3 1;2;3 _;2;4 1;2;NA", "1 2 3/1 2 3/1 2 3/2 2 4/1 2 2", ""},
		{"type: series, normalize: none, missing: previous", "1;_;3 1;2;3 1;2;3 _;2;4 1;2;NA", "1 1 3/1 2 3/1 2 3/2 2 4/1 2 2", ""},
		{"type: series, normalize: none, missing: zero", "1;_;3 1;2;3 1;2;3 _;2;4 1;2;3", "1 0 3/1 2 3/1 2 3/0 2 4/1 2 3", ""},
		{"type: series, normalize: none, missing: mean", "1;NA 1;2 1;2 1;3 1;2", "1 1.5714285/1 2/1 2/1 3/1 2", ""},
		{"type: series, missing: error", "1;NA 1;2 1;2 1;3 1;2", "", `column "v": step 2: is missing`},
		{"type: series", "1;2 1;x 1;2 1;3 1;2", "", `step 2: "x" is not a number`},
		{"type: series", "1;2 1;-1e400 1;2 1;3 1;2", "", `step 2: "-1e400" is too large`},
		{"type: series", "1;2 _ 1;2 1;3 1;2", "", "is missing"},
		{"type: series", "1;2 1;2 1;2 1;2 1;_;;", "-1 1/-1 1/-1 1/-1 1/-1 -1", ""}, // of different lengths, and cut
	},
	"image": {{"type: image", "1 2 3 4 5", "", "reads one column of images"}}, // more in idx_test.go
}

func TestInputTypes(t *testing.T) {
	for _, kind := range column.Types.Kinds() {
		if len(inputCases[kind.Key]) == 0 {
			t.Errorf("the input type %q has no cases", kind.Key)
		}
		for i, c := range inputCases[kind.Key] {
			t.Run(fmt.Sprintf("%s/%d", kind.Key, i), func(t *testing.T) {
				train, test := "v,w,y\n", "v,w,y\n"
				for i, f := range strings.Fields(c.fields) {
					row := strings.ReplaceAll(f, "_", "") + ",1," + fmt.Sprint(i) + "\n"
					if i < 4 {
						train += row
					} else {
						test += row
					}
				}
				dir := datasettest.Write(t, map[string]string{"d.csv": train, "e.csv": test})
				d, problems := datasettest.TryLoad(t, dir, "{train: d.csv, test: e.csv, target: y, inputs: [{column: v, "+c.settings+"}]}", 1)
				if c.mistake != "" {
					if !strings.Contains(problems, c.mistake) {
						t.Errorf("mistakes %q, want %q", problems, c.mistake)
					}
					return
				}
				if problems != "" {
					t.Fatal(problems)
				}
				var rows []string
				for _, p := range []*dataset.Part{d.Train, d.Test} {
					if p != nil {
						rows = append(rows, rowTexts(d.Schema, p)...)
					}
				}
				if got := strings.Join(rows, "/"); got != c.want {
					t.Errorf("%s of %s\n got  %s\n want %s", c.settings, c.fields, got, c.want)
				}
			})
		}
	}
}

// rowTexts writes the numbers of each row's first block.
func rowTexts(s *dataset.Schema, p *dataset.Part) []string {
	b := s.NewBatch(p.Rows())
	p.FillFrom(b, 0, p.Rows())
	var rows []string
	size := b.RowSize(0)
	for i := range p.Rows() {
		var row []string
		for k := i * size; k < (i+1)*size; k++ {
			if s.Blocks[0].Ints {
				row = append(row, fmt.Sprint(b.Ints[0][k]))
			} else {
				row = append(row, fmt.Sprint(b.Floats[0][k]))
			}
		}
		rows = append(rows, strings.Join(row, " "))
	}
	return rows
}

var targetCases = map[string][]struct {
	settings, fields string // rows 0 to 3 train, the others are a test split
	kind             string
	classes          []string
	want             []float32 // Target, or Classes as numbers
	mistake          string
}{
	"number": {
		{"{column: y, type: number}", "1 3 1 3 5", "number", nil, []float32{-1, 1, -1, 1, 3}, ""},
		{"{column: y, normalize: none}", "1 3 1 3 5", "number", nil, []float32{1, 3, 1, 3, 5}, ""},
		{"{column: y, normalize: zscore}", "1 3 1 3 5", "number", nil, []float32{-1, 1, -1, 1, 3}, ""},
		{"{column: y, normalize: zscore}", "1 _ 1 3 5", "number", nil, []float32{-0.70710677, -0.70710677, 1.4142135, 3.535534}, ""},
		{"{column: y, type: number}", "1 a 1 3 5", "", nil, nil, `"a" is not a number`},
	},
	"category": {
		{"{column: y, type: category}", "10 9 b 10 9", "category", []string{"10", "9", "b"}, []float32{0, 1, 2, 0, 1}, ""},
		{"{column: y, type: category}", "10 9 9 10 9", "category", []string{"9", "10"}, []float32{1, 0, 0, 1, 0}, ""},
		{"{column: y, type: category}", "1 2 1.0 3 2.0", "category", []string{"1", "2", "3"}, []float32{0, 1, 0, 2, 1}, ""},
		{"{column: y, type: category}", "True TRUE true false True", "category", []string{"TRUE", "false"}, []float32{0, 0, 0, 1, 0}, ""},
		{"{column: y, type: category}", "a b ? c b", "category", []string{"a", "b", "c"}, []float32{0, 1, 2, 1}, ""},
		{"{column: y, classes: [a, b, '?']}", "a b ? b b", "category", []string{"a", "b", "?"}, []float32{0, 1, 2, 1, 1}, ""},
		{"{column: y, type: category}", "a b a b B", "", nil, nil, `"B" is not one of the 2 classes of the training split (did you mean b?)`},
		{"{column: y, classes: [c, b, a]}", "a b a b c", "category", []string{"c", "b", "a"}, []float32{2, 1, 2, 1, 0}, ""},
		{"{column: y, type: category}", "a b a b c", "", nil, nil, `"c" is not one of the 2 classes`},
		{"{column: y, type: category}", "a a a a a", "", nil, nil, "there is nothing to predict"},
		{"{column: y, classes: [a, a]}", "a a a a a", "", nil, nil, "duplicate "},
	},
	"labels": { // the cells of a row's labels
		{"{column: y, type: labels}", "b|a a [] c|b b", "labels", []string{"a", "b", "c"}, []float32{1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0}, ""},
		{"{column: y, type: labels, separator: ';'}", `b;a [2] _ a;b 2`, "labels", []string{"2", "a", "b"}, []float32{0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0}, ""},
		{"{column: y, type: labels, classes: [c, a]}", "a a|c c a c|c", "labels", []string{"c", "a"}, []float32{0, 1, 1, 1, 1, 0, 0, 1, 1, 0}, ""},
		{"{column: y, type: labels, min_count: 2}", "a|b a|b|c a b c|a", "labels", []string{"a", "b"}, []float32{1, 1, 1, 1, 1, 0, 0, 1, 1, 0}, ""},
		{"{column: y, type: labels}", "a b a b a|B", "", nil, nil, `"B" is not one of the 2 labels of the training split (did you mean b?) (list them with classes)`},
		{"{column: y, type: labels}", "a a a a a", "", nil, nil, `column "y" has only 1 label in the training split`},
		{"{column: y, type: labels, classes: [a, a]}", "a a a a a", "", nil, nil, "duplicate label"},
	},
	"series": { // more in series_test.go
		{"{column: y, type: series, normalize: none}", "1 3 1 3 5", "number", nil, []float32{1, 3, 1, 3, 5}, ""},
		{"{column: y, horizon: 2, normalize: none}", "1 3 1 3 5 6", "number", nil, []float32{1, 3, 3, 1, 1, 3, 5, 6}, ""},
		{"{column: y, type: series}", "1 a 1 3 5", "", nil, nil, `"a" is not a number`},
	},
	"binary": {
		{"{column: y, type: binary}", "no yes no no yes", "binary", []string{"no", "yes"}, []float32{0, 1, 0, 0, 1}, ""},
		{`{column: y, positive: [">50K", ">50K."]}`, "<=50K >50K <=50K <=50K >50K.", "binary", []string{"<=50K", ">50K"}, []float32{0, 1, 0, 0, 1}, ""},
		{"{column: y, type: binary}", "a b c a a", "", nil, nil, "not two"},
		{"{column: y, positive: 'yes'}", "no yes no Yes No", "", nil, nil, `column "y" has 2 words besides positive: "Yes" (1 row) (did you mean yes?), "no" (2 rows); list with negative`},
		{"{column: y, positive: 'yes'}", "no yes no yes No", "", nil, nil, `"No" is neither "yes" nor "no" (did you mean no?)`},
		{"{column: y, positive: 'yes'}", "no yes no yes 1", "", nil, nil, `"1" is neither "yes" nor "no"`},
		{"{column: y, positive: 'Yes'}", "no yes no yes no", "", nil, nil, `no row of the training split has Yes in column "y" (its words: "no", "yes") (did you mean yes?)`},
		{"{column: y, positive: 'yes'}", "no yes ? n/a yes", "binary", []string{"no", "yes"}, []float32{0, 1, 1}, ""},
		{"{column: y, positive: 'yes', negative: ['no', '?']}", "no yes ? no ?", "binary", []string{"no", "yes"}, []float32{0, 1, 0, 0, 0}, ""},
		{"{column: y, positive: 1}", "0 1 0.0 1.0 1", "binary", []string{"0", "1"}, []float32{0, 1, 0, 1, 1}, ""},
		{"{column: y, type: binary}", "a b b a _", "binary", []string{"a", "b"}, []float32{0, 1, 1, 0}, ""},
	},
	"text": {
		{"{column: y, type: text, tokenizer: char}", "ab a b a abb", "category", []string{"<padding>", "<unknown>", "a", "b", "<end>"}, []float32{2, 3, 4, 2, 4, 0, 3, 4, 0, 2, 4, 0, 2, 3, 3}, ""},
		{"{column: y, type: text, tokenizer: char, vocabulary: 1}", "b b a a bab", "category", []string{"<padding>", "<unknown>", "a", "<end>"}, []float32{1, 3, 1, 3, 2, 3, 2, 3, 1, 2}, ""},
		{"{column: y, tokenizer: shared}", "a a a a a", "", nil, nil, "no input has that type"},
	},
	"tags": {{"{column: y, type: tags}", "a b a b a", "", nil, nil, "no input is one"}}, // more in tags_test.go
	"auto": {
		{"y", "1 3 2 2 5", "number", nil, []float32{-1.4142135, 1.4142135, 0, 0, 4.2426405}, ""},
		{"y", "1.5 3 1.5 3 5", "number", nil, []float32{-1, 1, -1, 1, 3.6666667}, ""},
		{"y", "b a c b a", "category", []string{"a", "b", "c"}, []float32{1, 0, 2, 1, 0}, ""},
		{"{column: y}", "1 a b 1 a", "category", []string{"1", "a", "b"}, []float32{0, 1, 2, 0, 1}, ""},
		{"y", "0 1 1.0 0 1", "binary", []string{"0", "1"}, []float32{0, 1, 1, 0, 1}, ""},
		{"y", "no yes no no yes", "binary", []string{"no", "yes"}, []float32{0, 1, 0, 0, 1}, ""},
		{"y", "- + - - +", "binary", []string{"-", "+"}, []float32{0, 1, 0, 0, 1}, ""},
		{"y", "b a b b a", "binary", []string{"b", "a"}, []float32{0, 1, 0, 0, 1}, ""}, // the rarer
		{"y", "b a b a c", "", nil, nil, `"c" is neither "b" nor "a" (inferred from its two values; type: category makes two classes of them)`},
	},
}

func TestTargetTypes(t *testing.T) {
	for _, kind := range column.TargetTypes.Kinds() {
		if len(targetCases[kind.Key]) == 0 {
			t.Errorf("the target type %q has no cases", kind.Key)
		}
		for i, c := range targetCases[kind.Key] {
			t.Run(fmt.Sprintf("%s/%d", kind.Key, i), func(t *testing.T) {
				train, test := "x,y\n", "x,y\n"
				for i, f := range strings.Fields(c.fields) {
					if row := "1," + strings.ReplaceAll(f, "_", "") + "\n"; i < 4 {
						train += row
					} else {
						test += row
					}
				}
				dir := datasettest.Write(t, map[string]string{"d.csv": train, "e.csv": test})
				d, problems := datasettest.TryLoad(t, dir, "{train: d.csv, test: e.csv, target: "+c.settings+", inputs: [x]}", 1)
				if c.mistake != "" {
					if !strings.Contains(problems, c.mistake) {
						t.Errorf("mistakes %q, want %q", problems, c.mistake)
					}
					return
				}
				if problems != "" {
					t.Fatal(problems)
				}
				var got []float32
				for _, p := range []*dataset.Part{d.Train, d.Test} {
					b := d.Schema.NewBatch(p.Rows())
					p.FillFrom(b, 0, p.Rows())
					got = append(got, b.Heads[0].Floats...)
					for _, c := range b.Heads[0].Ints {
						got = append(got, float32(c))
					}
				}
				target := d.Schema.Heads[0]
				if string(target.Kind) != c.kind || !slices.Equal(target.Classes, c.classes) || !slices.Equal(got, c.want) {
					t.Errorf("%s %v %v", target.Kind, target.Classes, got)
				}
			})
		}
	}
}

func TestSeveralTargets(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "x,a,b\n1,1,10\n2,3,30\n3,,30\n", "target: [{column: a, normalize: zscore}, {column: b, normalize: none}], inputs: [x]")
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(2)
	d.Train.FillFrom(b, 0, 2)
	if want := []float32{-1, 10, 1, 30}; !slices.Equal(b.Heads[0].Floats, want) || d.Schema.Heads[0].Width != 2 {
		t.Error(b.Heads[0].Floats)
	}
	own := make([]float64, 4)
	d.Schema.Heads[0].Denormalized(own, b.Heads[0].Floats)
	if want := []float64{1, 10, 3, 30}; !slices.Equal(own, want) {
		t.Error(own)
	}
	if !datasettest.Noted(d, "1 row without a target left out") {
		t.Error(d.Notes)
	}
}

func TestManyLabels(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "x,a,b\n1,y,0\n2,n,1\n3,y,1\n", "target: [{column: a, type: binary}, {column: b, type: binary}], inputs: [x]")
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(3)
	d.Train.Fill(b, []int{2, 0, 1})
	if want := []float32{1, 1, 1, 0, 0, 1}; !slices.Equal(b.Heads[0].Floats, want) {
		t.Error(b.Heads[0].Floats)
	}
	if counts := d.Train.LabelCounts()[0]; !slices.Equal(counts, []int{2, 2}) {
		t.Error(counts)
	}
	if words := d.Schema.Heads[0].Words[0]; words != [2]string{"n", "y"} {
		t.Error(words)
	}
}

func TestWeights(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "x,y,w\n1,1,0.5\n2,2,0\n3,3,2\n", "target: y, weight: w")
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	if !slices.Equal(b.Weight, []float32{0.5, 0, 2}) || len(d.Schema.Inputs) != 1 {
		t.Error(b.Weight, d.Schema.Inputs)
	}
	if _, problems := datasettest.LoadTable(t, "x,y,w\n1,1,0\n2,2,0\n", "target: y, weight: w"); !strings.Contains(problems, "all rows of the training split weigh 0") {
		t.Error(problems)
	}
	for _, bad := range []string{"-1", "", "x", "1e39"} {
		if _, problems := datasettest.LoadTable(t, "x,y,w\n1,1,0.5\n2,2,"+bad+"\n", "target: y, weight: w"); !strings.Contains(problems, "dataset.weight") {
			t.Error(bad, problems)
		}
	}
}

// Blocks: all float columns side by side, each input of whole numbers by itself.
func TestBlocks(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "a,c,p0,p1,d,y\n1,u,1,2,q,1\n2,v,3,4,r,2\n3,u,5,6,q,3\n",
		`target: y, inputs: [{column: c, encode: index}, a, {columns: "p*", name: pixels, type: number}, {column: d, name: letter}, {columns: [c, d], name: both, encode: index}]`)
	if problems != "" {
		t.Fatal(problems)
	}
	got, _ := json.Marshal(d.Schema.Blocks)
	if want := `[{"name":"features","shape":[5]},{"name":"c","ints":true,"shape":[]},{"name":"both","ints":true,"shape":[2]}]`; string(got) != want {
		t.Errorf("%s", got)
	}
	var at []string
	for _, in := range d.Schema.Inputs {
		at = append(at, fmt.Sprint(in.Name, in.Block, in.Lo, in.Hi, in.Shape, in.Vocabulary))
	}
	if got, want := strings.Join(at, " "), "c1 0 1 [] 3 a0 0 1 [1] 0 pixels0 1 3 [2] 0 letter0 3 5 [2] 0 both2 0 2 [2] 5"; got != want {
		t.Error(got)
	}
	b := d.Schema.NewBatch(3)
	d.Train.FillFrom(b, 0, 3)
	if !slices.Equal(b.Ints[1], []int32{1, 2, 1}) || !slices.Equal(b.Ints[2], []int32{3, 1, 4, 2, 3, 1}) {
		t.Error(b.Ints)
	}
}

func TestInferenceIsExplained(t *testing.T) {
	csv := "id,sex,age,const,mostly,y\n"
	for i := range 40 {
		odd := fmt.Sprint(i % 7)
		if i == 3 {
			odd = "?"
		}
		csv += fmt.Sprintf("%d,%s,%d.5,k,%s,%d\n", i+100, []string{"m", "f"}[i%2], i/2, odd, i%3)
	}
	d, problems := datasettest.LoadTable(t, csv, "target: y")
	if problems != "" {
		t.Fatal(problems)
	}
	for _, want := range []string{
		"sex: category, 2 different words", "age: number, 0.5 to 19.5", "warning: id looks like an id",
		"warning: const is constant", `gaps among numbers: "?" (1 row) in mostly`,
		"warning: target y has 3 different whole numbers and is predicted as a number; if they name classes, write target: {column: y, type: category}",
	} {
		if !datasettest.Noted(d, want) {
			t.Errorf("not noted: %s\n%s", want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
}

func TestScalingsComeBack(t *testing.T) {
	for _, s := range []column.Scaling{{Shift: 3, Scale: 2}, {Log: "log", Shift: 1, Scale: 0.5}, {Log: "log1p", Shift: 2, Scale: 3}} {
		for _, x := range []float64{0.5, 3, 1000} {
			y, err := s.Apply(x)
			if back := s.Undo(float64(y)); err != nil || math.Abs(back-x) > 1e-5*x {
				t.Errorf("%+v: %v becomes %v and comes back as %v", s, x, y, back)
			}
		}
	}
}

func TestNumbersAsPeopleWriteThem(t *testing.T) {
	for _, text := range []string{"1", "-2.5", "+3", ".5", "5.", "1e-4", "1E5", "007"} {
		if _, ok := numeral.Parse(text); !ok {
			t.Errorf("%q is a number", text)
		}
	}
	for _, text := range []string{"", "12_34", "0x1p3", "0x10", "inf", "NaN", "1,5", "1e999", "1 2"} {
		if x, ok := numeral.Parse(text); ok {
			t.Errorf("%q is read as %v", text, x)
		}
	}
}
