// Command dnn-accel is dnn with engines linked in, which load the libraries of accelerators when they are asked for.
package main

import (
	"os"

	"dnn/cmd/internal/cli"
	_ "dnn/pkg/xla"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
