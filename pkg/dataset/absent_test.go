package dataset

import "testing"

func TestPartsWithoutAClassAreTold(t *testing.T) {
	dir := write(t, map[string]string{"d.csv": "x,y\n1,a\n2,b\n3,c\n", "t.csv": "x,y\n1,a\n2,a\n", "v.csv": "x,y\n1,a\n2,b\n3,c\n"})
	d := mustLoad(t, dir, "{train: d.csv, validation: v.csv, test: t.csv, target: y}")
	if !noted(d, `warning: the test part has no row of "b", "c"`) || noted(d, "the validation part has no row") {
		t.Errorf("%q", d.Notes)
	}
}
