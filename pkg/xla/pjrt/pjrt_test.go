package pjrt

import (
	"encoding/binary"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

// plugin is the plugin that the tests run on: on the CPU, as make test-accel brings it.
func plugin(t *testing.T) *API {
	t.Helper()
	path := os.Getenv("DNN_PJRT_PLUGIN")
	if path == "" {
		t.Skip("DNN_PJRT_PLUGIN names no plugin; make test-accel fetches one")
	}
	a, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// device is the plugin's first device. A client stays open: some plugins do not open a second one.
func device(t *testing.T) *Device {
	t.Helper()
	a := plugin(t)
	if opened == nil {
		c, err := a.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		opened = c
	}
	return opened.Devices[0]
}

var opened *Client

func bytesOf(x ...float32) (b []byte) {
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

func floatsOf(b []byte) (x []float32) {
	for ; len(b) > 0; b = b[4:] {
		x = append(x, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return x
}

func TestPlugin(t *testing.T) {
	d := device(t)
	current, minimum := plugin(t).StableHLO()
	t.Logf("API %s, StableHLO %s down to %s, %s %s, %s, %d bytes", plugin(t).Version(), current, minimum, d.client.Platform, d.client.Version, d.Kind, d.Memory())
	if d.client.Platform == "" || len(d.client.Devices) == 0 {
		t.Errorf("the client has platform %q and %d devices", d.client.Platform, len(d.client.Devices))
	}
}

// update is w + 2x with w donated.
const update = `module @m {
  func.func public @main(%w: tensor<2x3xf32> {tf.aliasing_output = 0 : i32}, %x: tensor<2x3xf32>) -> (tensor<2x3xf32>, tensor<f32>) {
    %two = stablehlo.constant dense<2.0> : tensor<2x3xf32>
    %zero = stablehlo.constant dense<0.0> : tensor<f32>
    %y = stablehlo.multiply %x, %two : tensor<2x3xf32>
    %z = stablehlo.add %w, %y : tensor<2x3xf32>
    %s = stablehlo.reduce(%z init: %zero) applies stablehlo.add across dimensions = [0, 1] : (tensor<2x3xf32>, tensor<f32>) -> tensor<f32>
    return %z, %s : tensor<2x3xf32>, tensor<f32>
  }
}`

func TestDonatedInputs(t *testing.T) {
	d := device(t)
	e, err := d.Compile([]byte(update))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Free()
	w, err := d.Put(F32, []int{2, 3}, bytesOf(1, 2, 3, 4, 5, 6))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		x, err := d.Put(F32, []int{2, 3}, bytesOf(1, 0, 0, 0, 0, 10))
		if err != nil {
			t.Fatal(err)
		}
		out, done, err := e.Start([]*Buffer{w, x})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Free(), x.Free(), out[1].Free(), done.Wait()); err != nil {
			t.Fatal(err)
		}
		w = out[0]
	}
	got := make([]byte, 24)
	event, err := w.Fetch(got)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(event.Wait(), w.Free()); err != nil {
		t.Fatal(err)
	}
	if want := []float32{7, 2, 3, 4, 5, 66}; !slices.Equal(floatsOf(got), want) {
		t.Errorf("three updates give %v, want %v", floatsOf(got), want)
	}
}

// TestDonatedInputIsGone: who runs a program on what was donated before gets an error and no old numbers.
func TestDonatedInputIsGone(t *testing.T) {
	d := device(t)
	e, err := d.Compile([]byte(update))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Free()
	w, err := d.Put(F32, []int{2, 3}, make([]byte, 24))
	if err != nil {
		t.Fatal(err)
	}
	x, err := d.Put(F32, []int{2, 3}, make([]byte, 24))
	if err != nil {
		t.Fatal(err)
	}
	_, done, err := e.Start([]*Buffer{w, x})
	if err != nil {
		t.Fatal(err)
	}
	if err := done.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := e.Start([]*Buffer{w, x}); err == nil {
		t.Error("a donated buffer can be used again")
	}
}

// TestCompileOptions: options of XLA are set by name, and unknown ones are refused.
func TestCompileOptions(t *testing.T) {
	e, err := device(t).Compile([]byte(update), "xla_gpu_deterministic_ops")
	if err != nil {
		t.Fatal(err)
	}
	e.Free()
	if _, err := device(t).Compile([]byte(update), "no_such_option"); err == nil || !strings.Contains(err.Error(), "no_such_option") {
		t.Errorf("an unknown option gives %v", err)
	}
}

func TestErrors(t *testing.T) {
	_, err := device(t).Compile([]byte("module @m { nonsense }"))
	var failed *Error
	if !errors.As(err, &failed) || failed.Code == 0 || !strings.Contains(err.Error(), "nonsense") && failed.Message == "" {
		t.Errorf("a module that cannot be parsed gives %v", err)
	}
	none := t.TempDir() + "/none.so"
	if _, err := Load(none); err == nil || !strings.Contains(err.Error(), none) {
		t.Errorf("a missing plugin gives %v", err)
	}
}

// TestNotAPlugin: a library without GetPjrtApi is told by its path.
func TestNotAPlugin(t *testing.T) {
	for _, path := range []string{"libm.so.6", "libm.so"} {
		if _, err := Load(path); err != nil && strings.Contains(err.Error(), "GetPjrtApi") {
			return
		}
	}
	t.Skip("this machine has no libm to try")
}

// TestPluginInFolder: a bare name is a file of the working folder, if there is one; what the loader says is about that file.
func TestPluginInFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("text.so", []byte("no library\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load("text.so")
	if err == nil || strings.Contains(strings.ToLower(err.Error()), "no such file") {
		t.Errorf("a text file as plugin: %v", err)
	}
}
