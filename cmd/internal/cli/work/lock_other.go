//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package work

import "os"

// Lock does nothing where folders cannot be locked.
func Lock(string) (release func(), err error) { return func() {}, nil }

// OfRanks are signals that end the ranks of a job too: none here.
var OfRanks []os.Signal
