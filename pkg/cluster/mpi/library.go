//go:build darwin || freebsd || linux || netbsd

package mpi

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"unsafe"

	"github.com/ebitengine/purego"
)

// LibraryEnv names the library to load, when it is not to be searched for.
const LibraryEnv = "DNN_MPI_LIBRARY"

// handles are the constants of an ABI. Its handles are numbers of 32 bits or addresses; both are passed in a register.
type handles struct {
	world, bytes, floats, sum uintptr
	funneled                  int32 // the level of MPI_Init_thread at which one thread calls
}

// library is a loaded MPI library. In all ABIs an int has 32 bits.
type library struct {
	path string
	handles

	initThread func(argc, argv unsafe.Pointer, required int32, provided *int32) int32
	finalize   func() int32
	rank       func(comm uintptr, rank *int32) int32
	size       func(comm uintptr, size *int32) int32
	alltoall   func(send unsafe.Pointer, sendCounts, sendOffsets *int32, sendType uintptr, recv unsafe.Pointer, recvCounts, recvOffsets *int32, recvType, comm uintptr) int32
	allgather  func(send unsafe.Pointer, count int32, sendType uintptr, recv unsafe.Pointer, counts, offsets *int32, recvType, comm uintptr) int32
	bcast      func(data unsafe.Pointer, count int32, of uintptr, from int32, comm uintptr) int32
	allreduce  func(send, recv unsafe.Pointer, count int32, of, op, comm uintptr) int32
	barrier    func(comm uintptr) int32
	abort      func(comm uintptr, code int32) int32
}

// load finds and loads a library.
func load() (*library, error) {
	var failed []error
	for _, path := range candidates() {
		h, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_GLOBAL) // global: components of Open MPI look for its symbols there
		if err == nil {
			return open(h, path)
		}
		if filepath.IsAbs(path) {
			failed = append(failed, err)
		}
	}
	return nil, fmt.Errorf("no MPI library was found; install MPICH or Open MPI, or name the library in %s%s", LibraryEnv, told(failed))
}

// told is what loading the files that are there failed with.
func told(failed []error) string {
	if len(failed) == 0 {
		return ""
	}
	return ": " + errors.Join(failed...).Error()
}

// Names of libraries, those first that are more likely to be the one of the launcher.
var (
	standard = []string{"libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi_abi.so", "libmpi_abi.dylib"}
	mpich    = []string{"libmpi.so.12", "libmpich.so.12", "libmpi.12.dylib"}
	openMPI  = []string{"libmpi.so.40", "libmpi.40.dylib"}
)

// candidates are the libraries to try, in this order: the one that is named, those next to the launcher, and those that the
// system finds.
func candidates() (list []string) {
	if path := os.Getenv(LibraryEnv); path != "" {
		return []string{path}
	}
	names := append(append(append(append([]string{}, standard...), mpich...), openMPI...), "libmpi.so", "libmpi.dylib")
	if os.Getenv("OMPI_COMM_WORLD_SIZE") != "" { // Open MPI launched this process
		names = append(append([]string{}, openMPI...), names...)
	}
	for _, path := range launchers() {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			path = real
		}
		root := filepath.Dir(filepath.Dir(path))
		for _, name := range names {
			for _, dir := range []string{"lib", "lib64"} {
				if file := filepath.Join(root, dir, name); exists(file) {
					list = append(list, file)
				}
			}
		}
	}
	return append(list, names...)
}

// launchers are the programs that may have started this process: the one that did, where the system tells (Linux), which is in the folder
// of mpirun, and those in PATH.
func launchers() (list []string) {
	if path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", os.Getppid())); err == nil {
		list = append(list, path)
	}
	for _, name := range []string{"mpirun", "mpiexec"} {
		if path, err := exec.LookPath(name); err == nil {
			list = append(list, path)
		}
	}
	return list
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// open finds out which ABI a library has, and takes its functions.
func open(h uintptr, path string) (*library, error) {
	l := &library{path: path}
	var err error
	if l.handles, err = handlesOf(h); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, f := range []struct {
		name string
		to   any
	}{
		{"MPI_Init_thread", &l.initThread},
		{"MPI_Finalize", &l.finalize},
		{"MPI_Comm_rank", &l.rank},
		{"MPI_Comm_size", &l.size},
		{"MPI_Alltoallv", &l.alltoall},
		{"MPI_Allgatherv", &l.allgather},
		{"MPI_Bcast", &l.bcast},
		{"MPI_Allreduce", &l.allreduce},
		{"MPI_Barrier", &l.barrier},
		{"MPI_Abort", &l.abort},
	} {
		at, err := purego.Dlsym(h, f.name)
		if err != nil {
			return nil, fmt.Errorf("%s is no MPI library: it has no %s", path, f.name)
		}
		purego.RegisterFunc(f.to, at)
	}
	return l, nil
}

// handlesOf are those of the library's ABI: the standard one where the library says that it has it, else that of Open MPI, whose
// handles are addresses of its variables, or that of MPICH.
func handlesOf(h uintptr) (handles, error) {
	if at, err := purego.Dlsym(h, "MPI_Abi_get_version"); err == nil {
		var version func(major, minor *int32) int32
		purego.RegisterFunc(&version, at)
		var major, minor int32
		if version(&major, &minor) == 0 && major >= 1 { // -1 of a library that has the function, and an ABI of its own
			return handles{world: 0x101, bytes: 0x247, floats: 0x210, sum: 0x21, funneled: 1024}, nil
		}
	}
	if world, err := purego.Dlsym(h, "ompi_mpi_comm_world"); err == nil {
		own := handles{world: world, funneled: 1}
		for name, to := range map[string]*uintptr{"ompi_mpi_byte": &own.bytes, "ompi_mpi_float": &own.floats, "ompi_mpi_op_sum": &own.sum} {
			if *to, err = purego.Dlsym(h, name); err != nil {
				return own, fmt.Errorf("has ompi_mpi_comm_world, but no %s", name)
			}
		}
		return own, nil
	}
	if _, err := purego.Dlsym(h, "MPI_Init_thread"); err != nil {
		return handles{}, errors.New("is no MPI library: it has no MPI_Init_thread")
	}
	return handles{world: 0x44000000, bytes: 0x4c00010d, floats: 0x4c00040a, sum: 0x58000003, funneled: 1}, nil
}

// launched is how many processes the launcher says that it started, 0 where it says nothing, and how it is called.
func launched() (n int, by string) {
	for _, v := range []struct{ name, by string }{
		{"OMPI_COMM_WORLD_SIZE", "Open MPI's mpirun"}, {"PMI_SIZE", "MPICH's mpiexec, or srun,"}, {"MPI_LOCALNRANKS", "mpiexec"},
	} {
		if _, err := fmt.Sscan(os.Getenv(v.name), &n); err == nil {
			return n, v.by
		}
	}
	return 0, ""
}

// supported reports whether functions of libraries can be called on this processor.
func supported() error {
	switch runtime.GOARCH {
	case "amd64", "arm64":
		return nil
	}
	return fmt.Errorf("MPI libraries can be called on amd64 and arm64, not on %s", strings.ToLower(runtime.GOARCH))
}
