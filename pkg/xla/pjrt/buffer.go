package pjrt

import (
	"fmt"
	"runtime"
	"unsafe"
)

// Type is the type of a buffer's elements.
type Type int32

const (
	S8   Type = 2
	S32  Type = 4
	U8   Type = 6
	F32  Type = 11
	BF16 Type = 13
)

// Buffer is an array in the memory of a device. What is not freed by Free is freed some time after nobody uses it any more.
type Buffer struct {
	api    *API
	handle uintptr
	drop   runtime.Cleanup
}

func newBuffer(a *API, handle uintptr) *Buffer {
	b := &Buffer{api: a, handle: handle}
	b.drop = runtime.AddCleanup(b, func(handle uintptr) { call(a, bufferDestroy, &handleArgs{handle: handle}) }, handle)
	return b
}

// Put starts to copy an array to the device. The bytes may be changed as soon as Put returns.
func (d *Device) Put(t Type, shape []int, data []byte) (*Buffer, error) {
	dims := make([]int64, len(shape)+1)
	for i, n := range shape {
		dims[i] = int64(n)
	}
	in := &fromHostArgs{
		client: d.client.handle, data: unsafe.Pointer(unsafe.SliceData(data)), kind: int32(t),
		dims: &dims[0], rank: uintptr(len(shape)), device: d.handle,
	}
	if err := call(d.client.api, clientBufferFromHostBuffer, in); err != nil {
		return nil, err
	}
	runtime.KeepAlive(data)
	runtime.KeepAlive(dims)
	b := newBuffer(d.client.api, in.buffer)
	return b, b.api.drop(in.done)
}

// Fetch starts to copy the buffer to dst, waiting for what computes it. dst must stay as it is until the event is over.
func (b *Buffer) Fetch(dst []byte) (*Event, error) {
	if len(dst) == 0 {
		return &Event{}, nil
	}
	shape := &dimensionsArgs{buffer: b.handle}
	if err := call(b.api, bufferDimensions, shape); err != nil {
		return nil, err
	}
	order := make([]int64, shape.rank+1)
	for i := range shape.rank {
		order[i] = int64(shape.rank - 1 - i)
	}
	layout := &hostLayout{}
	layout.size = unsafe.Sizeof(*layout)
	layout.inner.size = unsafe.Sizeof(layout.inner)
	layout.inner.minorToMajor, layout.inner.rank = &order[0], shape.rank
	in := &toHostArgs{buffer: b.handle, layout: unsafe.Pointer(layout), data: unsafe.Pointer(unsafe.SliceData(dst)), size: uintptr(len(dst))}
	err := call(b.api, bufferToHostBuffer, in)
	runtime.KeepAlive(layout)
	runtime.KeepAlive(order)
	runtime.KeepAlive(b)
	if err != nil {
		return nil, fmt.Errorf("cannot fetch %d bytes from the device: %w", len(dst), err)
	}
	return &Event{api: b.api, handle: in.event, holds: dst}, nil
}

// Free frees the buffer, and its memory unless a program was given it to keep.
func (b *Buffer) Free() error {
	if b == nil || b.handle == 0 {
		return nil
	}
	b.drop.Stop()
	in := &handleArgs{handle: b.handle}
	b.handle = 0
	return call(b.api, bufferDestroy, in)
}

// Event is work that a plugin does on its own threads.
type Event struct {
	api    *API
	handle uintptr
	holds  []byte // memory that the work writes to
}

// Wait waits until the work is done and frees the event.
func (e *Event) Wait() error {
	if e.handle == 0 {
		return nil
	}
	err := call(e.api, eventAwait, &handleArgs{handle: e.handle})
	runtime.KeepAlive(e.holds)
	if freed := e.api.drop(e.handle); err == nil {
		err = freed
	}
	e.handle, e.holds = 0, nil
	return err
}

// drop frees an event that nobody waits for.
func (a *API) drop(event uintptr) error {
	if event == 0 {
		return nil
	}
	return call(a, eventDestroy, &handleArgs{handle: event})
}
