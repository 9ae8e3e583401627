//go:build !goexperiment.simd

package main

// isa: without the experiment the backend has plain Go.
func isa() string { return "plain Go" }
