package sparse

import (
	"os"
	"testing"

	"dnn/internal/kernel/guard"
)

func TestMain(m *testing.M) { os.Exit(guard.Run(m, os.Stderr)) }
