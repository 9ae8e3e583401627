package cli

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/term"
)

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestALostResultIsAFailure(t *testing.T) {
	var said bytes.Buffer
	if code := Run([]string{"list", "layers"}, nil, full{}, &said); code != exit.Failed || said.String() != "dnn: no space left on device\n" {
		t.Errorf("code %d, %q", code, said.String())
	}
}

// Every command explains itself, by examples too, and every flag has a text.
func TestEveryCommandHasHelp(t *testing.T) {
	root := newRoot(term.New(nil, &bytes.Buffer{}, &bytes.Buffer{}), nil)
	for _, cmd := range root.Commands() {
		if cmd.Name() == "completion" || cmd.Name() == "help" {
			continue
		}
		if len(cmd.Long) < 100 || !strings.Contains(cmd.Example, "dnn "+cmd.Name()) || cmd.GroupID == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: needs a long text, a short one without a full stop, examples and a group", cmd.Name())
		}
		checkFlags(t, cmd)
	}
}

func checkFlags(t *testing.T, cmd *cobra.Command) {
	names := flags.Names(cmd)
	if !slices.IsSorted(names) {
		slices.Sort(names)
	}
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("%s: duplicate flags: %v", cmd.Name(), names)
	}
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f != nil && f.Usage == "" {
			t.Errorf("%s --%s has no text", cmd.Name(), name)
		}
	}
}
