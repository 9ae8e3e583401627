package column_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
)

// tableOf is a CSV text of 60 rows, whose fields f makes from the row's number.
func tableOf(header string, f func(i int) string) string {
	text := header + "\n"
	for i := range 60 {
		text += f(i) + "\n"
	}
	return text
}

// TestWarnings: what can be read but hardly means what it is taken for is warned of, each column once.
func TestWarnings(t *testing.T) {
	for _, c := range []struct {
		column  string // v, where I is the number of the row, B 0 or 1, F one of five
		section string
		want    string
	}{
		{`"I,5"`, "target: y", `warning: numbers with signs: 60 rows in v ("0,5" is 0.5); to read them so without this warning set decimal: ","`},
		{`"1,III"`, "inputs: [v], target: {column: k, type: category}", `warning: v looks like numbers written with commas ("1,000") and is read as words; decimal: "." or decimal: "," in dataset says`},
		{"2011-01-I", "target: y", `warning: v looks like dates or times ("2011-01-0") and is read as words`},
		{"I.1.2011", "target: y", "warning: v looks like dates"},
		{"12:1F", "target: y", "warning: v looks like dates or times"},
		{"wI", "target: y", "warning: v looks like a name or an id: 60 different words in 60 rows"},
		{"wI", "inputs: [{column: v, type: category}], target: y", "warning: v looks like a name or an id"},
		{"wI", "inputs: [{column: v, type: category, min_count: 2}, u], target: y", "warning: v is useless: each of its 60 words occurs in fewer than 2 of 60 rows"},
		{"k", "target: y", "warning: v is constant in the training split, so it is useless"},
		{"7", "target: y", "warning: v is constant in the training split, so it is useless"},
		{"7", "inputs: [{column: v, normalize: robust}, u], target: y", "warning: v is constant"},
		{"7", "inputs: [{name: a, columns: [v, u]}], target: y", "1 column of 2 that are constant in the training split: v"},
		{"F", "inputs: [u], target: v", "warning: target v has 5 different whole numbers and is predicted as a number; if they name classes, write target: {column: v, type: category}"},
	} {
		csv := tableOf("v,u,y,k", func(i int) string {
			v := strings.NewReplacer("III", fmt.Sprintf("%03d", i), "I", fmt.Sprint(i), "B", fmt.Sprint(i%2), "F", fmt.Sprint(i%5)).Replace(c.column)
			return fmt.Sprintf("%s,%d,%d.5,%d", v, i%4, i, i%2)
		})
		d, problems := datasettest.LoadTable(t, csv, c.section)
		if problems != "" {
			t.Fatalf("%s, %s: %s", c.column, c.section, problems)
		}
		n := 0
		for _, note := range d.Notes.Texts() {
			if strings.HasPrefix(note, "warning: ") {
				n++
			}
		}
		if !datasettest.Noted(d, c.want) || n > 1 {
			t.Errorf("%s, %s: not noted once: %s\n%s", c.column, c.section, c.want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
}

// TestNoWarnings: what is as it should be brings no warning.
func TestNoWarnings(t *testing.T) {
	csv := tableOf("sex,age,code,n,y", func(i int) string {
		return fmt.Sprintf("%s,%d.5,%s,%d,%d.25", []string{"m", "f"}[i%2], i%9, []string{"a-1", "b-2", "1-3"}[i%3], i%2, i)
	})
	for _, section := range []string{"target: y", "inputs: [sex, age], target: {column: n, type: number}", "inputs: [sex, age], target: {column: n, type: binary}", "inputs: [age], target: sex"} {
		d, problems := datasettest.LoadTable(t, csv, section)
		if problems != "" {
			t.Fatal(problems)
		}
		for _, note := range d.Notes.Texts() {
			if strings.HasPrefix(note, "warning: ") {
				t.Errorf("%s: %s", section, note)
			}
		}
	}
}

// TestTheTargetIsNoInput: the target and the weight cannot be named as inputs; a glob passes over them.
func TestTheTargetIsNoInput(t *testing.T) {
	csv := tableOf("a,w,y", func(i int) string { return fmt.Sprintf("%d,1,%d.5", i%7, i) })
	for section, want := range map[string]string{
		"inputs: [a, y], target: y":                               `dataset.inputs[1].column: "y" is the target`,
		"inputs: [{column: y}, a], target: y":                     `dataset.inputs[0].column: "y" is the target`,
		"inputs: [{name: x, columns: [a, y]}], target: y":         `dataset.inputs[0].columns[1]: "y" is the target`,
		"inputs: [a, w], target: y, weight: w":                    `dataset.inputs[1].column: "w" is the weight of the rows`,
		"inputs: [{name: x, columns: '*'}], target: y, weight: w": "",
	} {
		if _, problems := datasettest.LoadTable(t, csv, section); (want == "") != (problems == "") || !strings.Contains(problems, want) {
			t.Errorf("%s: got %q, want %q", section, problems, want)
		}
	}
}

// TestCommasAreExplained: a number with a comma is told from other words that are none.
func TestCommasAreExplained(t *testing.T) {
	for field, want := range map[string]string{
		`"1,220"`: `column "v" has no number in the training split; it holds "1,220" (commas in it? write 1220, or 1.220 if the comma is a decimal one); decimal: "." or decimal: "," in dataset says which`,
		"x":       `column "v" has no number in the training split; it holds "x"`,
		"":        `column "v" has no number in the training split: all its fields are empty`,
	} {
		csv := "v,y\n" + strings.Repeat(field+",1\n", 3)
		if _, problems := datasettest.LoadTable(t, csv, "inputs: [{column: v, type: number}], target: y"); !strings.HasSuffix(problems, want) {
			t.Errorf("%s: got %q, want %q", field, problems, want)
		}
	}
	_, problems := datasettest.LoadTable(t, "v,y\n1.5,1\n2,2\n\"3,5\",3\n", "inputs: [{column: v, type: number}], target: y")
	if want := `d.csv:4: column "v": "3,5" is not a number (a decimal comma? write 3.5)`; !strings.HasSuffix(problems, want) {
		t.Error(problems)
	}
}

// TestUnusedRowsAreWarnedOf: whole numbers are rows, and who wrote percents should learn it.
func TestUnusedRowsAreWarnedOf(t *testing.T) {
	csv := "v,y\n" + strings.Repeat("1,1\n2,3\n", 200)
	dir := datasettest.Write(t, map[string]string{"d.csv": csv})
	for split, want := range map[string]string{
		"{train: 70, validation: 15, test: 15}": "warning: 300 of 400 rows stay unused: train, validation and test do not add up to all; whole numbers are rows (did you mean train: 0.7, validation: 0.15, test: 0.15?)",
		"{train: 80, test: 20}":                 "(did you mean train: 0.8, test: 0.2?)",
		"{train: 0.5, test: 0.25}":              "warning: 100 of 400 rows stay unused: train, validation and test do not add up to all",
		"{validation: 50, test: 50}":            "",
		"{train: 0.7, test: 0.3}":               "",
	} {
		d := datasettest.MustLoad(t, dir, "{path: d.csv, target: y, split: "+split+"}")
		if want == "" && datasettest.Noted(d, "unused") || !datasettest.Noted(d, want) {
			t.Errorf("%s: want %q, got\n%s", split, want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
}

// TestManyNegativesAreTold: an input takes all other words for no, but says so, and classes in two spellings are told.
func TestManyNegativesAreTold(t *testing.T) {
	d, problems := datasettest.LoadTable(t, "v,y\na,Yes\nb,yes\nc,no\na,no\n", "inputs: [{column: v, positive: a}], target: {column: y, type: category}, split: {validation: 0, test: 0}")
	for _, want := range []string{
		`warning: v: 2 words besides positive are all 0: "b" (1 row), "c" (1 row); list them with negative if that is meant`,
		`warning: y has classes that differ only in case: "Yes" and "yes"`,
	} {
		if problems != "" || !datasettest.Noted(d, want) {
			t.Errorf("%s: want %q, got\n%s", problems, want, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
}
