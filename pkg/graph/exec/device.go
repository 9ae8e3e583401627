package exec

import "slices"

// CPU is the device that programs run on by themselves.
const CPU = "cpu"

// Device is a device that programs can run on.
type Device struct {
	Name    string // cuda:0
	Kind    string // NVIDIA H100 80GB HBM3
	From    string // the file of the plugin that knows it
	Version string // what the plugin says of its own: PJRT 0.115, StableHLO 1.20.0
	// Memory is what programs can use, in bytes, 0 where it is not known.
	Memory int64
}

// Finder finds devices of one sort and opens them. plugin is the file that a user names, or "".
type Finder interface {
	Devices(plugin string) ([]Device, error)
	Open(device, plugin string) (Engine, error)
}

var finder Finder

// RegisterFinder makes devices known to a program. It is called by the package that knows them when the program begins.
func RegisterFinder(f Finder) { finder = f }

// NoDevice is the error of a device that cannot be used.
type NoDevice struct{ Device, Why string }

func (e *NoDevice) Error() string { return "device " + e.Device + ": " + e.Why }

// alone is why a program without a finder opens no device.
const alone = "this program computes on the cpu alone; dnn-accel knows accelerators: go build ./cmd/dnn-accel (see docs/accelerators.md)"

// Open returns the engine of a device, nil for the processor.
func Open(device, plugin string) (Engine, error) {
	switch {
	case slices.Contains([]string{"", CPU}, device):
		return nil, nil
	case finder == nil:
		return nil, &NoDevice{device, alone}
	}
	return finder.Open(device, plugin)
}

// Accelerators lists the devices besides the processor, and reports whether the program can use any at all.
func Accelerators(plugin string) (list []Device, can bool, err error) {
	if finder == nil {
		return nil, false, nil
	}
	list, err = finder.Devices(plugin)
	return list, true, err
}
