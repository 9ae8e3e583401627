package draft

import (
	"fmt"
	"strconv"
	"strings"
)

// split writes how rows are divided, and returns how many of them are for training.
func (d *tabular) split() (training int) {
	s := d.seen
	var keys []string
	validation, test := shares(s.Rows)
	share := func(key string, x float64) { keys = append(keys, key+": "+strconv.FormatFloat(x, 'g', 3, 64)) }
	switch {
	case d.Validation != "" && d.Test != "":
		return s.Rows
	case d.Validation == "" && d.Test == "":
		share("train", 1-validation-test)
		share("validation", validation)
		share("test", test)
	case d.Validation == "":
		test = 0
		share("validation", validation)
	default:
		validation = 0
		share("test", test)
	}
	comment := "at random"
	switch {
	case s.Clock != nil && s.Clock.Sorted:
		keys = append(keys, "order: true")
		comment = fmt.Sprintf("the rows follow in time (%s): the last ones are the test", s.Clock.Name)
		d.see("split    in the order of %s: rows that follow in time are tested on the last ones", s.Clock.Name)
	case s.Groups != nil:
		keys = append(keys, "group: "+word(s.Groups.Name))
		comment = fmt.Sprintf("at random, all rows of one %s in the same split", s.Groups.Name)
		d.see("split    by %s: all rows with the same value are in one split, so scores are those of new ones", s.Groups.Name)
	case d.target.classed():
		keys = append(keys, "stratify: true")
		comment = "at random, each with the same shares of the classes"
	}
	if s.Clock == nil && s.Groups == nil && s.Dates != nil {
		d.see("split    at random, not by %s: to test on the latest rows, write order_by: %s and split: {order: true, …}", s.Dates.Name, word(s.Dates.Name))
	}
	d.dataset.add("split: {%s}", strings.Join(keys, ", ")).note("%s", comment)
	return int(float64(s.Rows) * (1 - validation - test))
}

// shares are the shares of validation and test: small sets need more rows for scores that mean something.
func shares(rows int) (validation, test float64) {
	switch {
	case rows < 500:
		return 0.2, 0.2
	case rows < 20000:
		return 0.15, 0.15
	}
	return 0.1, 0.1
}
