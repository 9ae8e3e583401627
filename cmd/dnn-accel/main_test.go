package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script run the program as its users do, on the plugin that DNN_PJRT_PLUGIN names.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"dnn-accel": main})
}

func TestScripts(t *testing.T) {
	plugin := os.Getenv("DNN_PJRT_PLUGIN")
	data, err := filepath.Abs("../../testdata/data")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DATA", data)
			e.Setenv("DNN_PJRT_PLUGIN", plugin)
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, ".config"))
			return nil
		},
		Condition: func(name string) (bool, error) { return name == "plugin" && plugin != "", nil },
	})
}
