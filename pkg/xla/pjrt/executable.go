package pjrt

import (
	"fmt"
	"runtime"
	"unsafe"
)

// compileOptions is a serialized CompileOptionsProto: executable_build_options of one replica and one partition; with portable
// compile_portable_executable, so that the device is chosen when the program runs; and env_option_overrides, which switch options of
// XLA on. Their names are short, so that all lengths are single bytes.
func compileOptions(portable bool, set []string) []byte {
	b := []byte{0x1a, 0x04, 0x20, 0x01, 0x28, 0x01}
	if portable {
		b = append(b, 0x20, 0x01)
	}
	for _, name := range set {
		b = append(b, 0x3a, byte(len(name)+6), 0x0a, byte(len(name)))
		b = append(append(b, name...), 0x12, 0x02, 0x10, 0x01)
	}
	return b
}

// Executable is a program that is compiled for a device.
type Executable struct {
	device  *Device
	handle  uintptr
	outputs int
	drop    runtime.Cleanup
}

// Compile compiles a module of StableHLO, as text, for the device, with some of XLA's options switched on.
func (d *Device) Compile(module []byte, set ...string) (*Executable, error) {
	format, options := []byte("mlir"), compileOptions(d.portable(), set)
	p := &program{code: &module[0], codeLength: uintptr(len(module)), format: &format[0], formatLength: uintptr(len(format))}
	p.size = unsafe.Sizeof(*p)
	in := &compileArgs{client: d.client.handle, program: p, options: &options[0], optionsLength: uintptr(len(options))}
	err := call(d.client.api, clientCompile, in)
	runtime.KeepAlive(module)
	runtime.KeepAlive(format)
	if err != nil {
		return nil, fmt.Errorf("cannot compile for %s: %w", d.Kind, err)
	}
	runtime.KeepAlive(options)
	e := &Executable{device: d, handle: in.executable}
	e.drop = runtime.AddCleanup(e, func(handle uintptr) { call(d.client.api, loadedExecutableDestroy, &handleArgs{handle: handle}) }, e.handle)
	if e.outputs, err = e.countOutputs(); err != nil {
		e.Free()
		return nil, err
	}
	return e, nil
}

// portable reports whether the device must be named at each run, as it is not the first.
func (d *Device) portable() bool { return d != d.client.Devices[0] }

func (e *Executable) countOutputs() (int, error) {
	api := e.device.client.api
	inner := &resultArgs{handle: e.handle}
	if err := call(api, loadedExecutableGetExecutable, inner); err != nil {
		return 0, err
	}
	count := &resultArgs{handle: inner.result}
	err := call(api, executableNumOutputs, count)
	if freed := call(api, executableDestroy, &handleArgs{handle: inner.result}); err == nil {
		err = freed
	}
	return int(count.result), err
}

// Start starts to run the program and returns its outputs, which are computed while the caller goes on. Inputs that the module
// marks as donated are taken over by outputs: of them nothing is left but to free them. The event ends with the run.
func (e *Executable) Start(inputs []*Buffer) ([]*Buffer, *Event, error) {
	in, out := make([]uintptr, len(inputs)+1), make([]uintptr, e.outputs+1)
	for i, b := range inputs {
		in[i] = b.handle
	}
	options := &executeOptions{}
	options.size = unsafe.Sizeof(*options)
	lists := &struct {
		in, out *uintptr
		event   uintptr
	}{in: &in[0], out: &out[0]}
	args := &executeArgs{
		executable: e.handle, options: options, arguments: &lists.in, devices: 1, count: uintptr(len(inputs)),
		outputs: &lists.out, events: &lists.event,
	}
	if e.device.portable() {
		args.device = e.device.handle
	}
	err := call(e.device.client.api, loadedExecutableExecute, args)
	runtime.KeepAlive(options)
	runtime.KeepAlive(lists)
	runtime.KeepAlive(in)
	runtime.KeepAlive(inputs)
	runtime.KeepAlive(e)
	if err != nil {
		return nil, nil, err
	}
	buffers := make([]*Buffer, e.outputs)
	for i := range buffers {
		buffers[i] = newBuffer(e.device.client.api, out[i])
	}
	return buffers, &Event{api: e.device.client.api, handle: lists.event}, nil
}

// Free frees the program at once, not when nobody uses it any more.
func (e *Executable) Free() error {
	e.drop.Stop()
	return call(e.device.client.api, loadedExecutableDestroy, &handleArgs{handle: e.handle})
}
