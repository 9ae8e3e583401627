package dataset_test

import (
	"testing"

	"dnn/pkg/dataset/datasettest"
)

func TestPartsWithoutAClassAreTold(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "x,y\n1,a\n2,b\n3,c\n", "t.csv": "x,y\n1,a\n2,a\n", "v.csv": "x,y\n1,a\n2,b\n3,c\n"})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, validation: v.csv, test: t.csv, target: y}")
	if !datasettest.Noted(d, `warning: the test split has no row of "b", "c"`) || datasettest.Noted(d, "the validation split has no row") {
		t.Errorf("%q", d.Notes)
	}
}
