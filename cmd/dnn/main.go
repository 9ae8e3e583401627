// Command dnn trains deep neural networks from a YAML file.
package main

import (
	"os"

	"dnn/cmd/internal/cli"
)

func main() {
	os.Exit(cli.Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
