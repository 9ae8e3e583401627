//go:build !purego

package cpu

// assembly is NEON: every processor of this kind has it.
func assembly() []string { return []string{NEON} }

func init() { Add(NEON, func() { active.fmaLoopFlops = 2 * 24 * 4 }) }
