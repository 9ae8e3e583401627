package model

import (
	"strings"
	"testing"
)

// A batch that takes all rows is told, if somebody chose it.
func TestBatchOfAllRows(t *testing.T) {
	for _, c := range []struct {
		size, rows int
		told       bool
	}{{256, 100, true}, {100, 100, false}, {32, 20, false}} {
		j := &Job{Network: Network{Config: &Config{}, rows: c.rows}}
		j.Config.Train.BatchSize = c.size
		tellBatch(j)
		if told := strings.Contains(strings.Join(j.Beginning.Texts(), ""), "256 is more than the 100 rows of the training split"); told != c.told {
			t.Errorf("batches of %d of %d rows: %q", c.size, c.rows, j.Beginning.Texts())
		}
	}
}
