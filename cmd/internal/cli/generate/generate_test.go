package generate

import (
	"bufio"
	"strings"
	"testing"
)

// Prompts in another encoding are refused, with the line.
func TestPromptsAreUTF8(t *testing.T) {
	err := (&writer{}).writeLines(bufio.NewReader(strings.NewReader("caf\xe9\nsea\n")))
	if err == nil || !strings.HasPrefix(err.Error(), "line 1 of standard input is not UTF-8") {
		t.Errorf("got %v", err)
	}
}
