package golang

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	_ "dnn/pkg/compress" // a sample has steps
	"dnn/pkg/export"
	"dnn/pkg/export/exporttest"
	"dnn/pkg/model"
)

// refused are the samples that are not exported, with a part of what is said.
var refused = map[string]string{
	"forecast": "predicts a series relative to its history", "gpt": "continues texts",
	"keys": "writes texts (word)", "stems": "writes texts (stem)", "summarize": "writes texts (line)", "translate": "writes texts (es)",
}

// TestModels writes the samples, and others, as packages of one program, and compares what they predict with dnn, each bit.
func TestModels(t *testing.T) {
	paths, err := filepath.Glob("../../../configs/*.yaml")
	if err != nil || len(paths) < 19 {
		t.Fatal(paths, err)
	}
	more, err := filepath.Glob("../exporttest/testdata/*.yaml")
	if err != nil || len(more) < 3 {
		t.Fatal(more, err)
	}
	paths = append(paths, more...)
	dir := t.TempDir()
	var in bytes.Buffer
	var rows []exporttest.Row
	var names []string
	exported := 0
	for _, path := range append(paths, small...) {
		name, err := strings.TrimSuffix(filepath.Base(path), ".yaml"), error(nil)
		f := untrained(t, path)
		if strings.HasPrefix(path, int8Of) {
			name += "8"
			if f, err = exporttest.Int8(f); err != nil {
				t.Fatal(err)
			}
		}
		m, err := export.Open(f)
		if want := refused[name]; want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		files, err := Generate(m, "p"+strings.ReplaceAll(name, "_", ""))
		if err != nil {
			t.Fatal(err)
		}
		own := filepath.Join(dir, name)
		if err := os.Mkdir(own, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if err := os.WriteFile(filepath.Join(own, file.Name), file.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		exported++
		for _, row := range rowsOf(t, f) {
			line, err := json.Marshal(row)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&in, "%s\n%s\n", name, line)
			rows, names = append(rows, row), append(names, name)
		}
	}
	t.Logf("%d models, %d rows", exported, len(rows))
	got := strings.Split(strings.TrimSuffix(string(runModels(t, dir, &in)), "\n"), "\n")
	if len(got) != len(rows) {
		t.Fatalf("%d rows, want %d", len(got), len(rows))
	}
	failed := map[string]bool{}
	for i, row := range rows {
		if row.Error && strings.HasPrefix(got[i], "error: ") || got[i] == row.Want || failed[names[i]] {
			continue
		}
		failed[names[i]] = true
		t.Errorf("%s: row %v\n got %.300s\nwant %.300s", names[i], row.Texts, got[i], row.Want)
	}
}

// int8Of begins the paths of samples that are taken in 8-bit integers.
const int8Of = "int8:"

// small are models in 8-bit integers.
var small = []string{int8Of + "../../../configs/digits.yaml", int8Of + "../../../configs/cnn.yaml", int8Of + "../../../configs/names.yaml", int8Of + "../../../configs/lstm.yaml"}

func untrained(t *testing.T, path string) *model.File {
	t.Helper()
	f, err := exporttest.Untrained(strings.TrimPrefix(path, int8Of))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func rowsOf(t *testing.T, f *model.File) []exporttest.Row {
	t.Helper()
	path, err := exporttest.Data(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := exporttest.Rows(f, path, 25)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// runModels runs a program that predicts rows with the packages in a folder, each called as its own.
func runModels(t *testing.T, dir string, in *bytes.Buffer) []byte {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var imports, cases strings.Builder
	for i, e := range entries {
		fmt.Fprintf(&imports, "\tp%d \"exported/%s\"\n", i, e.Name())
		fmt.Fprintf(&cases, "\tcase %q:\n\t\tp, err := m%d.Predict(p%d.Row(row))\n\t\tshow(p, err)\n", e.Name(), i, i)
	}
	text := "package main\n\nimport (\n\t\"bufio\"\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"os\"\n\t\"reflect\"\n\t\"strconv\"\n\t\"strings\"\n\n" + imports.String() + ")\n\nvar (\n"
	for i := range entries {
		text += fmt.Sprintf("\tm%d = p%d.New()\n", i, i)
	}
	text += ")\n" + `
func show(p any, err error) {
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	var words []string
	var add func(v reflect.Value)
	add = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := 0; i < v.NumField(); i++ {
				if name := v.Type().Field(i).Name; name != "Index" && name != "Coverage" {
					add(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := 0; i < v.Len(); i++ {
				add(v.Index(i))
			}
		case reflect.String:
			words = append(words, v.String())
		case reflect.Float64:
			words = append(words, strconv.FormatFloat(v.Float(), 'g', -1, 64))
		}
	}
	add(reflect.ValueOf(p))
	fmt.Println(strings.Join(words, "|"))
}

func predict(name string, row map[string]any) {
	switch name {
` + cases.String() + `	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		name := lines.Text()
		lines.Scan()
		var given struct {
			Texts  map[string]string
			Pixels map[string][]byte
		}
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			panic(err)
		}
		row := map[string]any{}
		for k, v := range given.Texts {
			row[k] = v
		}
		for k, v := range given.Pixels {
			row[k] = v
		}
		predict(name, row)
	}
}
`
	for name, text := range map[string]string{"main.go": text, "go.mod": "module exported\n\ngo 1.21\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", "all", ".")
	build.Dir = dir
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%.3000s", err, text)
	}
	cmd := exec.Command(filepath.Join(dir, "all"))
	cmd.Stdin = in
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return got
}
