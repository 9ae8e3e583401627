package machine

import "runtime/debug"

// garbage is how many bytes may be garbage beside large data, before it is collected.
const garbage = 256 << 20

// Hold tells that so many bytes of plain data are going to be held for long. Go lets garbage grow as large as all that is
// held, which would double them; from here on it is collected sooner. Plain data costs that nothing, as there are no pointers to
// follow in it.
func Hold(bytes int) {
	if bytes <= garbage {
		return
	}
	percent := max(2, int(100*float64(garbage)/float64(bytes)))
	if before := debug.SetGCPercent(percent); before >= 0 && before < percent {
		debug.SetGCPercent(before)
	}
}
