//go:build darwin || freebsd || linux || netbsd

package mpi

import (
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"dnn/pkg/cluster"
)

func init() { cluster.Provide(Open) }

// comm is all processes that were started together (MPI_COMM_WORLD). One thread of the system calls the library, since not all
// libraries can be called by several.
type comm struct {
	lib        *library
	calls      chan func()
	rank, size int
	send, recv []byte // what the library reads and writes
}

// Open loads a library and connects this process with the others.
func Open() (cluster.Comm, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	c := &comm{calls: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for call := range c.calls {
			call()
		}
	}()
	var err error
	c.do(func() { err = c.connect() })
	if err != nil {
		return nil, err
	}
	opened = c
	return c, nil
}

// do runs a function on the thread that calls the library.
func (c *comm) do(f func()) {
	done := make(chan struct{})
	c.calls <- func() {
		defer close(done)
		f()
	}
	<-done
}

func (c *comm) connect() (err error) {
	if c.lib, err = load(); err != nil {
		return err
	}
	var provided, rank, size int32
	if err := c.check("MPI_Init_thread", c.lib.initThread(nil, nil, c.lib.funneled, &provided)); err != nil {
		return err
	}
	if err := c.check("MPI_Comm_rank", c.lib.rank(c.lib.world, &rank)); err != nil {
		return err
	}
	if err := c.check("MPI_Comm_size", c.lib.size(c.lib.world, &size)); err != nil {
		return err
	}
	c.rank, c.size = int(rank), int(size)
	if n, by := launched(); n > 1 && n != c.size {
		return fmt.Errorf("%s started %d processes, but %s connects %d: it is of another MPI; name the launcher's own library in %s", by, n, c.lib.path, c.size, LibraryEnv)
	}
	return nil
}

func (c *comm) check(name string, code int32) error {
	if code != 0 {
		return fmt.Errorf("%s: %s fails with code %d", c.lib.path, name, code)
	}
	return nil
}

func (c *comm) Rank() int { return c.rank }
func (c *comm) Size() int { return c.size }

// staged is memory for so many bytes that the runtime of Go never gives back to the system: libraries for fast networks remember what
// they have registered with the device, and do not see what Go does. More of it is mapped when it is needed, at least twice as much.
func staged(m *[]byte, n int) ([]byte, error) {
	if n > len(*m) || len(*m) == 0 {
		more, err := unix.Mmap(-1, 0, max(n, 2*len(*m), 1<<16), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
		if err != nil {
			return nil, fmt.Errorf("memory for an exchange: %w", err)
		}
		*m = more
	}
	return (*m)[:n], nil
}

// layout is how sizes lie one after the other, as the library counts.
func layout(sizes []int) (counts, offsets []int32, total int, err error) {
	for _, n := range sizes {
		counts, offsets = append(counts, int32(n)), append(offsets, int32(total))
		total += n
	}
	if total > math.MaxInt32 {
		err = fmt.Errorf("an exchange of %d bytes; MPI counts to %d", total, math.MaxInt32)
	}
	return counts, offsets, total, err
}

// exchange has the library read what is sent and write what is received.
func (c *comm) exchange(name string, send, recv []byte, call func(send, recv unsafe.Pointer) int32) error {
	from, err := staged(&c.send, len(send))
	if err != nil {
		return err
	}
	to, err := staged(&c.recv, len(recv))
	if err != nil {
		return err
	}
	copy(from, send)
	c.do(func() {
		err = c.check(name, call(unsafe.Pointer(unsafe.SliceData(from)), unsafe.Pointer(unsafe.SliceData(to))))
	})
	copy(recv, to)
	return err
}

// Alltoall is MPI_Alltoallv.
func (c *comm) Alltoall(send []byte, sendSizes []int, recv []byte, recvSizes []int) error {
	sends, sendOffsets, _, err := layout(sendSizes)
	if err != nil {
		return err
	}
	recvs, recvOffsets, _, err := layout(recvSizes)
	if err != nil {
		return err
	}
	return c.exchange("MPI_Alltoallv", send, recv, func(from, to unsafe.Pointer) int32 {
		return c.lib.alltoall(from, &sends[0], &sendOffsets[0], c.lib.bytes, to, &recvs[0], &recvOffsets[0], c.lib.bytes, c.lib.world)
	})
}

// Allgather is MPI_Allgatherv.
func (c *comm) Allgather(send, recv []byte, sizes []int) error {
	counts, offsets, _, err := layout(sizes)
	if err != nil {
		return err
	}
	return c.exchange("MPI_Allgatherv", send, recv, func(from, to unsafe.Pointer) int32 {
		return c.lib.allgather(from, int32(len(send)), c.lib.bytes, to, &counts[0], &offsets[0], c.lib.bytes, c.lib.world)
	})
}

// most is how many bytes of long data are exchanged at once.
const most = 1 << 26

// Broadcast is MPI_Bcast.
func (c *comm) Broadcast(data []byte, from int) error {
	for len(data) > 0 {
		n := min(len(data), most)
		part, err := staged(&c.send, n)
		if err != nil {
			return err
		}
		copy(part, data)
		c.do(func() {
			err = c.check("MPI_Bcast", c.lib.bcast(unsafe.Pointer(&part[0]), int32(n), c.lib.bytes, int32(from), c.lib.world))
		})
		if err != nil {
			return err
		}
		copy(data, part)
		data = data[n:]
	}
	return nil
}

// Allreduce is MPI_Allreduce with MPI_SUM.
func (c *comm) Allreduce(data []float32) error {
	for len(data) > 0 {
		n := min(len(data), most/4)
		part := unsafe.Slice((*byte)(unsafe.Pointer(&data[0])), 4*n)
		if err := c.exchange("MPI_Allreduce", part, part, func(from, to unsafe.Pointer) int32 {
			return c.lib.allreduce(from, to, int32(n), c.lib.floats, c.lib.sum, c.lib.world)
		}); err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// Barrier is MPI_Barrier.
func (c *comm) Barrier() (err error) {
	c.do(func() { err = c.check("MPI_Barrier", c.lib.barrier(c.lib.world)) })
	return err
}

// Abort is MPI_Abort: it does not return.
func (c *comm) Abort(code int) {
	c.do(func() { c.lib.abort(c.lib.world, int32(code)) })
}

// Close is MPI_Finalize. The thread that called the library stays: its end would run what the library left there.
func (c *comm) Close() (err error) {
	c.do(func() { err = c.check("MPI_Finalize", c.lib.finalize()) })
	return err
}
