package dataset

import (
	"fmt"
	"strings"
	"testing"
)

func TestMoments(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"date", "2020-01-01 2020-01-02 2020-01-03", "2020-01-04 2020-01-05 7 days"},
		{"date", "2020-01-31 2020-02-29 2020-03-31", "2020-04-30 2020-05-31 12 months"},
		{"date", "20191101 20191201 20200101", "20200201 20200301 12 months"},
		{"d", "2020-01 2020-04 2020-07", "2020-10 2021-01 4 quarters"},
		{"d", "13/01/2020 14/01/2020 15/01/2020", "16/01/2020 17/01/2020 7 days"},
		{"d", "01/02/2020 01/03/2020 01/04/2020", "01/05/2020 01/06/2020 12 months"},
		{"d", "01/11/2019 01/12/2019 01/01/2020 01/02/2020", "01/02/2020 01/03/2020 12 months"},
		{"d", "11/01/2019 12/01/2019 01/01/2020 02/01/2020", "02/01/2020 03/01/2020 12 months"},
		{"d", "1/3/2019 1/6/2019 1/9/2019 1/12/2019", "1/12/2019 1/3/2020 4 quarters"},
		{"d", "01/12/2020 01/13/2020 01/14/2020", "01/15/2020 01/16/2020 7 days"},
		{"d", "01/02/2020 03/02/2020 01/03/2020", "uneven"},
		{"d", "2020-01-01T23:00:00Z 2020-01-02T00:00:00Z 2020-01-02T01:00:00Z", "2020-01-02T02:00:00Z 2020-01-02T03:00:00Z 24 hours"},
		{"t", "1949 1949.08333333333 1949.16666666667", "1949.25000000001 1949.33333333334 12 months"},
		{"t", "5 7 9", "11 13 0 "},
		{"date", "2020-01-01 2020-01-02 2020-01-04", "uneven"},
		{"date", "2020-01-01 2020-01-02 soon", "row 2"},
	} {
		fields := strings.Fields(c.fields)
		col := &Column{Name: c.name}
		for _, f := range fields {
			col.add(f)
		}
		col.seal()
		got := ""
		at, clock, where, ok := readMoments(col, len(fields), nil, "")
		if p, even := clock.paceOf(at); !ok {
			got = fmt.Sprintf("row %d", where)
		} else if !even {
			got = "uneven"
		} else {
			season, what := clock.season(p)
			got = fmt.Sprintf("%s %s %d %s", clock.after(at[2], p, 1), clock.after(at[2], p, 2), season, what)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.fields, got, c.want)
		}
	}
}
