package format

import (
	"strings"
	"testing"

	"dnn/internal/machine"
)

// TestAnnouncedMemory: what a header announces is compared with the memory before any is taken.
func TestAnnouncedMemory(t *testing.T) {
	if machine.Memory() == 0 {
		t.Skip("the memory of this machine is not known")
	}
	header := "\x00\x00\x08\x03" + strings.Repeat("\x00\x00\x20\x00", 3) // 2¹³ by 2¹³ by 2¹³
	if _, err := decodeIDX(strings.NewReader(header)); err == nil || !strings.Contains(err.Error(), "its header announces 549.8 GB") {
		t.Error(err)
	}
}
