package image

// Report receives notes, warnings and mistakes about data. Of each sort of mistake, only the first few are shown.
type Report interface {
	Note(format string, args ...any)
	Warn(format string, args ...any)
	Mistake(path, sort, where, text string)
}
