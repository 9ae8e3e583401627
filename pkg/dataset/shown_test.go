package dataset_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// TestKeptFields loads a table of texts and removes its file: fields that an option keeps are still there, others are not.
func TestKeptFields(t *testing.T) {
	const classes, numbers = "category", "number"
	for _, c := range []struct {
		name    string
		target  string
		options []dataset.Option
		train   bool // texts of the train split
		test    bool // texts of the test split
		all     bool
	}{
		{name: "nothing", target: classes},
		{name: "texts", target: classes, options: []dataset.Option{dataset.KeepTexts()}, test: true},
		{name: "texts without classes", target: numbers, options: []dataset.Option{dataset.KeepTexts()}},
		{name: "all", target: numbers, options: []dataset.Option{dataset.KeepFields(), dataset.KeepTexts()}, train: true, test: true, all: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.csv")
			text := "n,t,y\n" + strings.Repeat("1,red fox,0\n2,blue sky,1\n,green,0\n", 10)
			if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
			settings, p := datasettest.SettingsOf(t, "{format: csv, path: "+file+", split: {train: 0.5, validation: 0, test: 0.5}, inputs: [{column: n, type: number}, {column: t, type: text}], target: {column: y, type: "+c.target+"}}")
			d := dataset.Load(settings, "", 1, p, c.options...)
			if p.Len() > 0 {
				t.Fatal(p.Messages())
			}
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
			rows := strings.Split(text, "\n")
			for _, of := range []struct {
				part *dataset.Part
				kept bool
			}{{d.Train, c.train}, {d.Test, c.test}} {
				for row := range of.part.Rows() {
					fields := strings.Split(rows[of.part.Stored.At(row)+1], ",")
					texts := of.part.Texts(row, 1)
					if of.kept && !slices.Equal(texts, fields[1:2]) || !of.kept && strings.Join(texts, "") != "" {
						t.Errorf("row %d has the text %q of %q", row, texts, fields)
					}
					if !c.all {
						continue
					}
					shown, err := of.part.Show([]int{row})
					if err != nil {
						t.Fatal(err)
					}
					for k, v := range shown[0].Values {
						if !slices.Equal(v.Read, fields[k:k+1]) || len(v.Encoded) == 0 {
							t.Errorf("row %d: %v of %q", row, v, fields)
						}
					}
				}
			}
		})
	}
}
