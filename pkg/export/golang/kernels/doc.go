// Package kernels are the functions that exported packages are made of: what the kernels of dnn compute, to the bit, as plain loops
// for one thread. Their source is copied into an exported package, function by function, so they keep to the Go of 1.21.
package kernels

import "embed"

// Source is that of the package.
//
//go:embed *.go
var Source embed.FS
