package exact

import "embed"

// Source is that of the package, for exported models: their functions are copies of these.
//
//go:embed *.go
var Source embed.FS
