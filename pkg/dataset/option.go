package dataset

// Option says how data is read beyond what a spec says.
type Option func(l *loader)

// KeepPictures lets decoded pictures be kept in a cache for the next run, as the spec asks for. Without it a cache is read
// but none is written.
func KeepPictures() Option { return func(l *loader) { l.images.Keep = true } }

// SeparateHeads makes each target a head of its own, of any kind, for nets whose layers say which target they are for. Without
// it several targets are one head, and of one kind.
func SeparateHeads() Option { return func(l *loader) { l.separate = true } }

// TellEarly hands over what should be known before long work begins, when it is known. Without it that is a note.
func TellEarly(tell func(text string)) Option { return func(l *loader) { l.images.Early = tell } }
