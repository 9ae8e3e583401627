// Command dnn measures the program's own kernels and compiled training steps: one file for each kind of workload.
package main

import (
	"dnn/bench/worker"
	"dnn/internal/kernel/cpu"
)

func main() { worker.Serve("dnn", "of this commit", "kernels: "+cpu.Variant()) }
