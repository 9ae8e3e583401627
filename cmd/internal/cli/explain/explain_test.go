package explain

import (
	"fmt"
	"testing"
)

func TestAClassIsSuggestedByItsBeginning(t *testing.T) {
	names := []string{"one", "two", "three", "Twelve"}
	got := fmt.Sprint(onlyPrefix("thr", names), onlyPrefix("TWO", names), onlyPrefix("tw", names) == "", onlyPrefix("x", names) == "")
	if got != "threetwotrue true" {
		t.Error(got)
	}
}
