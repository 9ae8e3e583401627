// Package pjrt calls plugins of XLA through PJRT's C API, without cgo: a plugin is a shared library with one function,
// GetPjrtApi, which returns a table of functions that each take one struct.
//
// The structs of this package are those of API 0.115. A plugin refuses a struct that is smaller than it knows, and reads nothing
// beyond what it knows of a larger one. So each struct has a tail of zeros, the default of whatever is added later, and plugins
// from API 0.54 on are accepted.
package pjrt
