package pjrt

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"unsafe"

	"github.com/ebitengine/purego"
)

// The places of the functions in the table, after its header. The order is fixed within a major version.
const (
	errorDestroy = iota
	errorMessage
	errorGetCode
	pluginInitialize
	pluginAttributes
	eventDestroy
	_ // Event_IsReady
	_ // Event_Error
	eventAwait
	_ // Event_OnReady
	clientCreate
	clientDestroy
	clientPlatformName
	_ // Client_ProcessIndex
	clientPlatformVersion
	_ // Client_Devices
	clientAddressableDevices
	_ // Client_LookupDevice
	_ // Client_LookupAddressableDevice
	_ // Client_AddressableMemories
	clientCompile
	_ // Client_DefaultDeviceAssignment
	clientBufferFromHostBuffer
	descriptionID
)

const (
	descriptionKind               = 26
	deviceGetDescription          = 29
	deviceMemoryStats             = 34
	executableDestroy             = 40
	executableNumOutputs          = 44
	loadedExecutableDestroy       = 50
	loadedExecutableGetExecutable = 51
	loadedExecutableExecute       = 55
	bufferDestroy                 = 58
	bufferDimensions              = 60
	bufferToHostBuffer            = 70
)

// majorVersion and oldestMinor are the versions of the API that this package calls.
const (
	majorVersion = 0
	oldestMinor  = 54
)

// table is the plugin's table of functions, as far as its struct_size says that it has them.
type table struct {
	size      uintptr
	extension unsafe.Pointer
	version   struct {
		size         uintptr
		extension    unsafe.Pointer
		major, minor int32
	}
	functions [bufferToHostBuffer + 1]uintptr
}

// API is a loaded plugin. It stays loaded as long as the process lives: plugins start threads that cannot be ended.
type API struct {
	path string
	*table
	attributes map[string]any
}

var loaded struct {
	sync.Mutex
	byPath map[string]*API
}

// Load loads the plugin at path and sets it up, or returns it when it is loaded already.
func Load(path string) (*API, error) {
	loaded.Lock()
	defer loaded.Unlock()
	if a := loaded.byPath[path]; a != nil {
		return a, nil
	}
	library, err := purego.Dlopen(inFolder(path), purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("cannot load the plugin %s: %w", path, err)
	}
	get, err := purego.Dlsym(library, "GetPjrtApi")
	if err != nil {
		return nil, fmt.Errorf("%s is not a PJRT plugin: it has no function GetPjrtApi", path)
	}
	address, _, _ := purego.SyscallN(get)
	if address == 0 {
		return nil, fmt.Errorf("the plugin %s returns no API", path)
	}
	a := &API{path: path, table: *(**table)(unsafe.Pointer(&address))}
	if a.version.major != majorVersion || a.version.minor < oldestMinor {
		return nil, fmt.Errorf("the plugin %s has PJRT API %s: versions from %d.%d on are known", path, a.Version(), majorVersion, oldestMinor)
	}
	var init initializeArgs
	if err := call(a, pluginInitialize, &init); err != nil {
		return nil, fmt.Errorf("cannot set up the plugin %s: %w", path, err)
	}
	if a.attributes, err = a.readAttributes(); err != nil {
		return nil, err
	}
	if loaded.byPath == nil {
		loaded.byPath = map[string]*API{}
	}
	loaded.byPath[path] = a
	return a, nil
}

// inFolder names a file of the working folder by its folder, too: the system's loader looks for a bare name elsewhere.
func inFolder(path string) string {
	if _, err := os.Stat(path); err != nil || filepath.Base(path) != path {
		return path
	}
	return "." + string(filepath.Separator) + path
}

// Path is the file of the plugin.
func (a *API) Path() string { return a.path }

// Version is the version of the API that the plugin was compiled with: 0.115.
func (a *API) Version() string { return fmt.Sprintf("%d.%d", a.version.major, a.version.minor) }

// has reports whether the plugin's table reaches to a function.
func (a *API) has(function int) bool {
	end := unsafe.Offsetof(table{}.functions) + uintptr(function+1)*unsafe.Sizeof(uintptr(0))
	return a.size >= end && a.functions[function] != 0
}

// args is a struct that a function takes: each begins with a header.
type args interface{ head() *header }

// header begins each struct. The tail, which the plugin takes for fields that this package does not know, is in each struct.
type header struct {
	size      uintptr
	extension unsafe.Pointer
}

func (h *header) head() *header { return h }

// call calls a function with its struct and turns its error into one of Go.
func call[T any, P interface {
	*T
	args
}](a *API, function int, in P) error {
	if !a.has(function) {
		return fmt.Errorf("the plugin %s lacks function %d of the PJRT API", a.path, function)
	}
	in.head().size = unsafe.Sizeof(*in)
	failed, _, _ := purego.SyscallN(a.functions[function], uintptr(unsafe.Pointer(in)))
	runtime.KeepAlive(in)
	return a.failure(failed)
}

// Error is a failure that a plugin reports.
type Error struct {
	Code    int // as in gRPC: 3 invalid argument, 8 out of memory, 12 not implemented
	Message string
}

func (e *Error) Error() string { return e.Message }

// OutOfMemory reports whether the device had too little memory.
func (e *Error) OutOfMemory() bool { return e.Code == 8 }

// failure copies the message of a plugin's error and destroys it.
func (a *API) failure(address uintptr) error {
	if address == 0 {
		return nil
	}
	message := &errorMessageArgs{failed: address}
	message.size = unsafe.Sizeof(*message)
	purego.SyscallN(a.functions[errorMessage], uintptr(unsafe.Pointer(message)))
	code := &errorCodeArgs{failed: address}
	code.size = unsafe.Sizeof(*code)
	purego.SyscallN(a.functions[errorGetCode], uintptr(unsafe.Pointer(code)))
	e := &Error{Code: int(code.code), Message: text(message.text, message.length)}
	destroy := &errorDestroyArgs{failed: address}
	destroy.size = unsafe.Sizeof(*destroy)
	purego.SyscallN(a.functions[errorDestroy], uintptr(unsafe.Pointer(destroy)))
	runtime.KeepAlive(message)
	runtime.KeepAlive(code)
	runtime.KeepAlive(destroy)
	return e
}

// text copies characters out of a plugin's memory.
func text(p *byte, n uintptr) string {
	if p == nil {
		return ""
	}
	return string(unsafe.Slice(p, n))
}
