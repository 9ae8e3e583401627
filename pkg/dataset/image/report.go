package image

// Report hears what is found in data: what is worth telling, and mistakes, of which each sort is told a few times.
type Report interface {
	Note(format string, args ...any)
	Warn(format string, args ...any)
	Mistake(path, sort, where, text string)
}
