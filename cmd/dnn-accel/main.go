// Command dnn-accel is dnn with engines linked in, which load libraries of the machine when they are asked for: those of accelerators,
// and MPI, for training on several machines.
package main

import (
	"os"

	"dnn/cmd/internal/cli"
	"dnn/pkg/cluster/mpi"
	_ "dnn/pkg/xla"
)

func main() {
	mpi.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
