package stream_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/stream"
)

// TestUnseenGroupsAreNoted: a series that training never saw is told by forecasts and counted by streams, once where its name is
// an input too.
func TestUnseenGroupsAreNoted(t *testing.T) {
	rows := func(names string) string {
		text := "shop,t,v\n"
		for _, shop := range names {
			for i := range 9 {
				text += fmt.Sprintf("%c,%d,%d\n", shop, i, i)
			}
		}
		return text
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": rows("ab")})
	for _, named := range []string{"", ", {column: shop, type: category}"} {
		d := datasettest.MustLoad(t, dir, "{path: d.csv, group: shop, order_by: t, split: {test: 2}, target: {column: v, type: series}, inputs: [{column: v, window: 3}"+named+"]}")
		s := datasettest.Again(t, d.Schema)
		for names, want := range map[string]string{"ab": "[]", "abcd": "[c d]"} {
			text := strings.ReplaceAll(rows(names), "a,8,8\n", "a,8,8\na,9,\n")
			for _, shop := range names[1:] {
				text += fmt.Sprintf("%c,9,\n", shop)
			}
			f, err := forecast.Open(s, strings.NewReader(text), "d.csv", stream.Options{}, 1)
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(f.UnseenGroups()); got != want {
				t.Error(got, want)
			}
			st, err := stream.Open(s, strings.NewReader(rows(names)), "d.csv", stream.Options{WithTarget: true})
			if err != nil {
				t.Fatal(err)
			}
			for b := s.NewBatch(99); err != io.EOF; {
				_, err = st.Next(b, 99)
			}
			if n, columns := st.Unseen(); n != 6*(len(names)-2) || n > 0 && fmt.Sprint(columns) != "[{shop 12}]" {
				t.Error(named, n, columns)
			}
		}
	}
}

// TestStepsThatCount: without order_by a column that counts the steps of each sequence is a channel, which is told.
func TestStepsThatCount(t *testing.T) {
	files, _ := datasettest.Recordings()
	for name, text := range files {
		lines := strings.Split(strings.TrimSpace(text.(string)), "\n")
		for i := range lines {
			lines[i] = fmt.Sprintf("%g,%s", 2+0.5*float64(i), lines[i])
		}
		lines[0] = "t,x,y"
		files[name] = strings.Join(lines, "\n") + "\n"
	}
	dir := datasettest.Draw(t, t.TempDir(), files)
	d := datasettest.MustLoad(t, dir, "{format: sequence_folder, path: set}")
	if !datasettest.Noted(d, "warning: t rises evenly from step to step") || !datasettest.Noted(d, "set order_by: t to leave it out") {
		t.Error(d.Notes)
	}
	if d = datasettest.MustLoad(t, dir, "{format: sequence_folder, path: set, order_by: t}"); datasettest.Noted(d, "rises") || !datasettest.Noted(d, "a series of x") {
		t.Error(d.Notes)
	}
}
