package cpu

// What a switch does to the tables: resets make them portable again, then fills put in what each variant has.
var (
	resets []func()
	fills  = map[string][]func(){}
)

// Table returns a subject's table of loops, which Add and Use change: a copy of its portable one. It belongs into a variable
// of the package.
func Table[T any](portable T) *T {
	t := new(T)
	reset := func() { *t = portable }
	reset()
	resets = append(resets, reset)
	return t
}

// Add says by what a variant fills in tables. An init function calls it, for slower variants first.
func Add(variant string, fill func()) {
	fills[variant] = append(fills[variant], fill)
	if runs(variant) {
		fill()
	}
}
