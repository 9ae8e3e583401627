//go:build long

package main

import "testing"

// TestLongScripts runs what takes seconds a script: whole trainings of the sample specs.
func TestLongScripts(t *testing.T) { runScripts(t, "testdata/long") }
