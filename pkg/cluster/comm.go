// Package cluster lets the processes of a training exchange bytes, and sums numbers in an order that does not depend on how many
// processes there are.
package cluster

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Comm connects the processes (ranks) of a job. All ranks call its methods in the same order. What is exchanged is bytes: whoever
// sums numbers chooses the order. Ranks run on machines with the same order of bytes.
type Comm interface {
	// Rank is the number of this process, from 0 on, and Size how many there are.
	Rank() int
	Size() int
	// Alltoall sends to each rank the next so many bytes, and receives so many from each, one after the other in recv.
	Alltoall(send []byte, sendSizes []int, recv []byte, recvSizes []int) error
	// Allgather sends the same bytes to all ranks, and receives those of all, of these sizes, one after the other.
	Allgather(send, recv []byte, sizes []int) error
	// Broadcast sends the bytes of a rank to all others.
	Broadcast(data []byte, from int) error
	// Allreduce replaces numbers by their sum over all ranks, in an order that it chooses.
	Allreduce(data []float32) error
	// Barrier returns when all ranks have called it.
	Barrier() error
	// Abort ends all ranks, with an exit code if it can.
	Abort(code int)
	// Close ends the exchange, when all ranks have called it.
	Close() error
}

// ErrAborted is the error of exchanges after one of the ranks has aborted.
var ErrAborted = errors.New("another process of the job ended")

// Alone is the only rank of a job.
var Alone Comm = alone{}

type alone struct{}

func (alone) Rank() int                                                 { return 0 }
func (alone) Size() int                                                 { return 1 }
func (alone) Alltoall(send []byte, _ []int, recv []byte, _ []int) error { copy(recv, send); return nil }
func (alone) Allgather(send, recv []byte, _ []int) error                { copy(recv, send); return nil }
func (alone) Broadcast([]byte, int) error                               { return nil }
func (alone) Allreduce([]float32) error                                 { return nil }
func (alone) Barrier() error                                            { return nil }
func (alone) Abort(int)                                                 {}
func (alone) Close() error                                              { return nil }

// Gather returns what each rank gives, of any size.
func Gather(c Comm, own []byte) ([][]byte, error) {
	counts := make([]byte, 8*c.Size())
	eights := make([]int, c.Size())
	for i := range eights {
		eights[i] = 8
	}
	if err := c.Allgather(binary.LittleEndian.AppendUint64(nil, uint64(len(own))), counts, eights); err != nil {
		return nil, err
	}
	sizes, total := make([]int, c.Size()), 0
	for i := range sizes {
		sizes[i] = int(binary.LittleEndian.Uint64(counts[8*i:]))
		total += sizes[i]
	}
	all := make([]byte, total)
	if err := c.Allgather(own, all, sizes); err != nil {
		return nil, err
	}
	list := make([][]byte, c.Size())
	for i, n := range sizes {
		list[i], all = all[:n:n], all[n:]
	}
	return list, nil
}

// Spread returns on all ranks what one of them gives.
func Spread(c Comm, data []byte, from int) ([]byte, error) {
	size := make([]byte, 8)
	if c.Rank() == from {
		binary.LittleEndian.PutUint64(size, uint64(len(data)))
	}
	if err := c.Broadcast(size, from); err != nil {
		return nil, err
	}
	if c.Rank() != from {
		data = make([]byte, binary.LittleEndian.Uint64(size))
	}
	return data, c.Broadcast(data, from)
}

// Failed is the error of another rank.
type Failed struct {
	Rank int
	Code int // with which the processes should exit
	Text string
}

func (f *Failed) Error() string { return fmt.Sprintf("rank %d: %s", f.Rank, f.Text) }

// Agree returns nil on all ranks if err is nil on all. Else the first rank with an error gets that back, and all others get it as
// *Failed. code is the exit code of err.
func Agree(c Comm, err error, code int) error {
	var own []byte
	if err != nil {
		own = append(binary.LittleEndian.AppendUint64(nil, uint64(code)), err.Error()...)
	}
	all, failed := Gather(c, own)
	if failed != nil {
		return errors.Join(err, failed)
	}
	for rank, text := range all {
		switch {
		case len(text) >= 8 && rank == c.Rank():
			return err
		case len(text) >= 8:
			return &Failed{rank, int(binary.LittleEndian.Uint64(text)), string(text[8:])}
		}
	}
	return nil
}
