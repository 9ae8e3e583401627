package exec

import "dnn/internal/machine"

// Memory is the size of this machine's memory in bytes, 0 when it is not known.
func Memory() int { return machine.Memory() }
