package train

import (
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// leastKept is how many bytes of compiled steps are kept in any case, and memoryShare the share of the machine's memory that is.
const (
	leastKept   = 1 << 30
	memoryShare = 4
)

// newPrograms keeps the compiled steps of a run.
func newPrograms() model.Programs[key, *program] {
	return model.Programs[key, *program]{MaxBytes: max(leastKept, exec.Memory()/memoryShare)}
}
