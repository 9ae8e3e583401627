package draft

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

// file writes a file of lines.
func file(t *testing.T, name, header string, rows int, line func(row int) string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(header + "\n")
	for row := range rows {
		b.WriteString(line(row) + "\n")
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func noise(row, column int) float64 {
	x := math.Sin(float64(row*7919+column*104729)) * 43758.5453
	return x - math.Floor(x)
}

// made drafts a spec that must parse.
func made(t *testing.T, r Request) string {
	t.Helper()
	d, err := Make(r)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := spec.Parse("draft.yaml", d.Spec, nil); err != nil {
		t.Fatalf("%v\n%s", err, d.Spec)
	}
	for _, l := range strings.Split(string(d.Spec), "\n") {
		if len([]rune(l)) > 140 && !strings.Contains(l, "path:") && !strings.HasPrefix(l, "#") {
			t.Errorf("a line of %d characters: %s", len([]rune(l)), l)
		}
	}
	return string(d.Spec)
}

// holds reports lines that a spec lacks.
func holds(t *testing.T, spec string, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if !strings.Contains(spec, l) {
			t.Errorf("the spec lacks %q:\n%s", l, spec)
		}
	}
}

func TestColumns(t *testing.T) {
	path := file(t, "people.csv", "id,age,town,true,price", 300, func(row int) string {
		return fmt.Sprintf("%d,%d,%s,%d,%.2f", row, 20+int(60*noise(row, 1)), []string{"Ulm", "Bonn: east", "#3"}[row%3], row%2, math.Exp(10*noise(row, 2)*noise(row, 3)))
	})
	text := made(t, Request{Data: path, Target: "price"})
	holds(t, text, "{column: age, type: number}", "{column: town, type: category}", `{column: "true", type: number}`, "left out: id",
		"target: {column: price, type: number, normalize: log_zscore}", "split: {train: 0.6, validation: 0.2, test: 0.2}")
	text = made(t, Request{Data: path, Target: "true"})
	holds(t, text, `target: {column: "true", type: binary, positive: ["1"]}`, "stratify: true", "binary_cross_entropy")
}

func TestClasses(t *testing.T) {
	path := file(t, "grades.csv", "a,b,grade", 300, func(row int) string {
		return fmt.Sprintf("%v,%v,%d", noise(row, 1), noise(row, 2), 1+row%5)
	})
	holds(t, made(t, Request{Data: path, Target: "grade"}), "target: {column: grade, type: category}", "units: classes", "loss: cross_entropy")
	rare := file(t, "rare.csv", "a;b;state", 400, func(row int) string {
		return fmt.Sprintf("%v;%v;%s", noise(row, 1), noise(row, 2), []string{"fine", "broken"}[max(0, row%40-38)])
	})
	holds(t, made(t, Request{Data: rare, Target: "state"}), `delimiter: ";"`, "positive: [broken]", "class_weights: balanced")
}

// TestPositiveWord: yes is the word that means it, in any language, or the other of one that means no, or the rarer one, as for a
// target of type binary.
func TestPositiveWord(t *testing.T) {
	for words, want := range map[[2]string]string{
		{"-", "+"}: `positive: ["+"]`, {"ja", "nein"}: "positive: [ja]", {"normal", "attack"}: "positive: [attack]", {"1.0", "2.0"}: `positive: ["1.0"]`,
		{"often", "rare"}: "positive: [rare]",
	} {
		path := file(t, "two.csv", "x,y", 90, func(row int) string { return fmt.Sprintf("%v,%s", noise(row, 1), words[max(0, row%3-1)]) })
		holds(t, made(t, Request{Data: path, Target: "y"}), "type: binary, "+want)
	}
}

func TestGapWords(t *testing.T) {
	path := file(t, "gaps.csv", "a,b,y", 300, func(row int) string {
		a, b := fmt.Sprint(noise(row, 1)), fmt.Sprint(noise(row, 2))
		if row%3 == 0 {
			a = "?"
		}
		if row%10 == 0 {
			b = "broken"
		}
		return fmt.Sprintf("%s,%s,%v", a, b, noise(row, 3))
	})
	holds(t, made(t, Request{Data: path, Target: "y"}), "{column: a, type: number}", "{column: b, type: number}", "100 gaps", "missing_values: [", "broken]")
}

// TestOddLabels: gap words in a target are gaps, classes in two spellings are told, and numbers that are not read are no names.
func TestOddLabels(t *testing.T) {
	of := func(name string, labels ...string) Request {
		return Request{Target: "y", Data: file(t, name, "a;b;y", 300, func(row int) string {
			return fmt.Sprintf("%v;%v;%s", noise(row, 1), noise(row, 2), labels[row%len(labels)])
		})}
	}
	holds(t, made(t, of("gaps.csv", "yes", "no", "?", "n/a", "no")), `target: {column: "y", type: binary, positive: ["yes"]}`)
	d, err := Make(of("case.csv", "yes", "no", "Yes", "-"))
	if err != nil || !strings.Contains(fmt.Sprint(d.Notes.Texts()), `y has classes that differ only in case: "Yes" and "yes"`) || !strings.Contains(fmt.Sprint(d.Notes.Texts()), `"-" is read as a class of y`) {
		t.Errorf("%v %q", err, d.Notes.Texts())
	}
	var prices, commas []string
	for i := range 200 {
		prices, commas = append(prices, fmt.Sprintf("$%d,400", 100+i)), append(commas, fmt.Sprintf("%d,5", i))
	}
	holds(t, made(t, of("prices.csv", prices...)), `decimal: "."`, "target: {column: \"y\", type: number")
	ambiguous := file(t, "open.csv", "a;y", 200, func(row int) string { return fmt.Sprintf("%d;%d,400", row%7, 100+row) })
	if _, err := Make(Request{Data: ambiguous, Target: "y"}); err == nil || !strings.Contains(err.Error(), "the target y holds numbers in a form that is not read, such as") {
		t.Error(err)
	}
	german := file(t, "german.csv", "a;b;y", 200, func(row int) string { return fmt.Sprintf("%d,5;%d.%03d;%s", row%7, 1+row%9, row, commas[row]) })
	holds(t, made(t, Request{Data: german, Target: "y"}), `decimal: ","`, "target: {column: \"y\", type: number", "{column: b, type: number}")
}

func TestNoHeader(t *testing.T) {
	path := file(t, "numbers.csv", "1.5,2.5,yes", 100, func(row int) string {
		return fmt.Sprintf("%v,%v,%s", noise(row, 1), noise(row, 2), []string{"yes", "no"}[row%2])
	})
	holds(t, made(t, Request{Data: path, Target: "c2"}), "header: false", `target: {column: c2, type: binary, positive: ["yes"]}`)
	if _, err := Make(Request{Data: path, Target: "label"}); err == nil || !strings.Contains(err.Error(), "no header line") {
		t.Errorf("a name for a file without a header: %v", err)
	}
}

func TestTargetIsNamed(t *testing.T) {
	path := file(t, "few.csv", "size,Species,flat", 30, func(row int) string {
		return fmt.Sprintf("%v,%d,1", noise(row, 1), row%2)
	})
	for target, want := range map[string]string{
		"": "--target Species", "species": "did you mean Species?", "sice": "did you mean size?", "flat": "the same in all rows",
	} {
		if _, err := Make(Request{Data: path, Target: target}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("target %q: %v, want %q", target, err, want)
		}
	}
}

func TestOfficialSplits(t *testing.T) {
	line := func(row int) string { return fmt.Sprintf("%v,%s", noise(row, 1), []string{"low", "high"}[row%2]) }
	t.Chdir(filepath.Dir(file(t, "set_TRAIN.csv", "x,y", 100, line)))
	dir, train := ".", "set_TRAIN.csv"
	for name, text := range map[string]string{"set_TEST.csv": "x,y\n0.5,low\n0.2,high\n", "set_DEV.csv": "x,y\n0.5,low\n0.3,high\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	holds(t, made(t, Request{Data: train, Target: "y", Folder: dir}), "train: set_TRAIN.csv", "validation: set_DEV.csv", "test: set_TEST.csv")
	if err := os.WriteFile(filepath.Join(dir, "set_TEST.csv"), []byte("x\n0.5\n"), 0o600); err != nil { // rows to predict
		t.Fatal(err)
	}
	if text := made(t, Request{Data: train, Target: "y", Folder: dir}); strings.Contains(text, "set_TEST.csv") {
		t.Errorf("rows without a target are no test split:\n%s", text)
	}
}

func TestSortsOfData(t *testing.T) {
	series := file(t, "waves.csv", "kind,t1,t2,t3,t4,t5,t6,t7,t8,t9,t10,t11,t12,t13,t14,t15,t16,t17,t18", 60, func(row int) string {
		text := []string{"slow", "fast"}[row%2]
		for i := range 18 {
			text += fmt.Sprintf(",%.3f", math.Sin(float64(i)*[]float64{0.15, 0.3}[row%2]+noise(row, 1)))
		}
		return text
	})
	holds(t, made(t, Request{Data: series, Target: "kind"}), `{name: series, columns: "t*", type: series}`, "conv1d")
	daily := file(t, "sales.csv", "date,sales,rain", 200, func(row int) string {
		return fmt.Sprintf("2020-%02d-%02d,%.1f,%.1f", 1+row/28, 1+row%28, 50+10*noise(row, 1), noise(row, 2))
	})
	holds(t, made(t, Request{Data: daily, Target: "sales", Horizon: 3}), "order_by: date", "every: auto", "horizon: 3, season: 7", "columns: [rain]", "order: true")
	words := file(t, "notes.csv", "note,mood,stars", 200, func(row int) string {
		return fmt.Sprintf("this is note %d and it says the day was number %d of them all,%s,%d", row, row*7, []string{"good", "bad"}[row%2], row%5)
	})
	holds(t, made(t, Request{Data: words, Target: "mood"}), "{column: note, type: text, tokenizer: word", "name: text_1", "concat, inputs: [text_1, stars]")
	names := file(t, "names.csv", "name,land", 200, func(row int) string { return fmt.Sprintf("Na%dme,%d", row, row%4) })
	holds(t, made(t, Request{Data: names, Target: "land"}), "{column: name, type: text, tokenizer: char", "gru")
	patients := file(t, "scans.csv", "patient_id,dose,ill", 200, func(row int) string { return fmt.Sprintf("%d,%v,%d", 900-row/4, noise(row, 1), row%2) })
	holds(t, made(t, Request{Data: patients, Target: "ill"}), "left out: patient_id", "group: patient_id}")
	hours := file(t, "rides.csv", "date,hour,heat,rides", 240, func(row int) string {
		return fmt.Sprintf("2020-%02d-%02d,%d,%v,%d", 1+row/24/28, 1+row/24%28, row%24, noise(row, 1), int(1000*noise(row, 2)))
	})
	holds(t, made(t, Request{Data: hours, Target: "rides"}), "left out: date", "order: true")
}

func TestLeaksAreLeftOut(t *testing.T) {
	path := file(t, "bill.csv", "food,drinks,guests,total", 200, func(row int) string {
		a, b := int(50*noise(row, 1)), int(30*noise(row, 2))
		return fmt.Sprintf("%d,%d,%d,%d", a, b, 1+a/20+row%2, a+b)
	})
	d, err := Make(Request{Data: path, Target: "total"})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, string(d.Spec), "left out: food (total = food + drinks)")
	if n := len(d.Notes.Warnings()); n != 2 {
		t.Errorf("%d warnings, want one for each column", n)
	}
}

func TestUnreadable(t *testing.T) {
	zip := filepath.Join(t.TempDir(), "a.csv")
	os.WriteFile(zip, []byte("PK\x03\x04\x00\x00"), 0o600)
	if _, err := Make(Request{Data: zip, Target: "y"}); err == nil || !strings.Contains(err.Error(), "workbook") {
		t.Errorf("a workbook: %v", err)
	}
	odd := filepath.Join(t.TempDir(), "b.bin")
	os.WriteFile(odd, []byte("\xff\xff\x00\x01,\x02\n"), 0o600)
	if _, err := Make(Request{Data: odd, Target: "y"}); err == nil || !strings.Contains(err.Error(), "neither a table nor a text") {
		t.Errorf("bytes: %v", err)
	}
	if _, err := Make(Request{Data: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "expected a folder of images for each of two classes") {
		t.Errorf("an empty folder: %v", err)
	}
}

// Names of many columns that a pattern would read otherwise are written so that they match themselves alone.
func TestOddNamesAmongMany(t *testing.T) {
	names := []string{"!not", "a*", "a1", "is?", "isx", "c[1]", "c1"}
	for i := range 40 {
		names = append(names, fmt.Sprintf("%c%d", 'f'+i%10, i))
	}
	path := file(t, "odd.csv", strings.Join(names, ",")+",y", 200, func(row int) string {
		line := ""
		for i := range names {
			line += fmt.Sprintf("%v,", noise(row, i))
		}
		return line + []string{"no", "yes"}[row%2]
	})
	holds(t, made(t, Request{Data: path, Target: "y"}), `"[!]not"`, `"a[*]"`, `"is[?]"`, `"c[[]1]"`)
	for _, name := range append(names, `a\b`, "[a-c]1") {
		for _, other := range append(names, `a\b`, "[a-c]1") {
			if ok, err := filepath.Match(patternOf(name), other); err != nil || ok != (name == other) {
				t.Errorf("%s matches %s: %v (%v)", patternOf(name), other, ok, err)
			}
		}
		if strings.HasPrefix(patternOf(name), "!") {
			t.Errorf("%s leaves out", patternOf(name))
		}
	}
}

func TestTargetsOfOneWord(t *testing.T) {
	path := file(t, "one.csv", "size,empty,gaps", 40, func(row int) string {
		return fmt.Sprintf("%v,,%s", noise(row, 1), []string{"NA", "yes"}[row%2])
	})
	for target, want := range map[string]string{"empty": "is empty in all rows", "gaps": `is "yes" in 20 rows and a gap in 20 rows`} {
		if _, err := Make(Request{Data: path, Target: target}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("target %s: %v", target, err)
		}
	}
}

// Booleans are binary, and fields that list labels are labels, as an input and as a target.
func TestListsAndBooleans(t *testing.T) {
	lists := [][3]string{{"Drama|Comedy", "['a', 'b']", "red;blue"}, {"Drama", "['a']", "red"}, {"Comedy|Action|Drama", "['b']", "blue"}, {"Action", "[]", "red;green"}}
	path := file(t, "films.tsv", "x\tgenres\ttags\tcolours\tnew", 200, func(row int) string {
		l := lists[row%4]
		return fmt.Sprintf("%v\t%s\t%s\t%s\t%s", noise(row, 1), l[0], l[1], l[2], []string{"True", "False"}[row/4%2])
	})
	holds(t, made(t, Request{Data: path, Target: "genres"}), "target: {column: genres, type: labels}", "{column: tags, type: labels}",
		`{column: colours, type: labels, separator: ";"}`, "{column: new, type: binary}", "units: targets", "loss: binary_cross_entropy", "hamming_loss")
	holds(t, made(t, Request{Data: path, Target: "colours"}), `target: {column: colours, type: labels, separator: ";"}`, "{column: genres, type: labels}")
	holds(t, made(t, Request{Data: path, Target: "new"}), "target: {column: new, type: binary, positive: [\"True\"]}")
}

// A file of fastText is texts with a label, or with several.
func TestFastText(t *testing.T) {
	line := func(labels string) func(row int) string {
		return func(row int) string {
			return fmt.Sprintf("%s how do I %s the sauce number %d with %s", strings.ReplaceAll(labels, "N", fmt.Sprint(row%3)), []string{"cook", "cool", "eat"}[row%3], row, []string{"salt", "oil"}[row%2])
		}
	}
	one := file(t, "one.txt", "__label__1 how do I cool the sauce with salt and oil", 120, line("__label__N"))
	holds(t, made(t, Request{Data: one}), "format: fasttext", "{column: text, type: text, tokenizer: word", "target: {column: label, type: category}")
	several := file(t, "several.train", "__label__1 how do I cool the sauce with salt and oil", 120, func(row int) string {
		return line([]string{"__label__N", "__label__N __label__sauce", "__label__sauce"}[row/3%3])(row)
	})
	holds(t, made(t, Request{Data: several}), "format: fasttext", "target: {column: label, type: labels}", "loss: binary_cross_entropy")
}
