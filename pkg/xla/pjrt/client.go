package pjrt

import (
	"fmt"
	"math"
	"unsafe"
)

// Attributes is what the plugin says of itself: stablehlo_current_version and others. Lists of integers are []int64.
func (a *API) Attributes() map[string]any { return a.attributes }

// StableHLO returns the newest and the oldest version of StableHLO that the plugin takes, empty when it does not tell.
func (a *API) StableHLO() (current, minimum string) {
	dotted := func(key string) string {
		if v, ok := a.attributes[key].([]int64); ok && len(v) == 3 {
			return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2])
		}
		return ""
	}
	return dotted("stablehlo_current_version"), dotted("stablehlo_minimum_version")
}

func (a *API) readAttributes() (map[string]any, error) {
	var in attributesArgs
	if err := call(a, pluginAttributes, &in); err != nil {
		return nil, err
	}
	attributes := map[string]any{}
	if in.list == nil {
		return attributes, nil
	}
	for _, v := range unsafe.Slice(in.list, in.count) {
		attributes[text(v.name, v.length)] = v.decode()
	}
	return attributes, nil
}

func (v *namedValue) decode() any {
	pointer := *(*unsafe.Pointer)(unsafe.Pointer(&v.value))
	switch v.kind {
	case 0:
		return text((*byte)(pointer), v.count)
	case 1:
		return int64(v.value)
	case 2:
		return append([]int64{}, unsafe.Slice((*int64)(pointer), v.count)...)
	case 3:
		return math.Float32frombits(uint32(v.value))
	}
	return v.value&1 == 1
}

// Client is a connection to the devices of a plugin.
type Client struct {
	api    *API
	handle uintptr
	// Platform is the name of the devices' platform, cpu, cuda or tpu, and Version that of the software behind it.
	Platform, Version string
	Devices           []*Device
}

// Device is a device that programs can run on.
type Device struct {
	client *Client
	handle uintptr
	ID     int
	Kind   string // NVIDIA H100 80GB HBM3
}

// Open connects to the plugin's devices, with options of integers and bools, which depend on the plugin.
func (a *API) Open(options map[string]int64) (*Client, error) {
	var list []namedValue
	var names [][]byte // the structs point to them
	for name, value := range options {
		b := []byte(name)
		names = append(names, b)
		list = append(list, namedValue{header: header{size: unsafe.Sizeof(namedValue{})}, name: &b[0], length: uintptr(len(b)),
			kind: 1, value: uint64(value), count: 1})
	}
	in := &clientCreateArgs{count: uintptr(len(list))}
	if len(list) > 0 {
		in.options = &list[0]
	}
	if err := call(a, clientCreate, in); err != nil {
		return nil, err
	}
	c := &Client{api: a, handle: in.client}
	var err error
	if c.Platform, err = c.api.text(clientPlatformName, c.handle); err == nil {
		c.Version, err = c.api.text(clientPlatformVersion, c.handle)
	}
	if err == nil {
		err = c.listDevices()
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// API is the plugin of the client.
func (c *Client) API() *API { return c.api }

// Close disconnects. All buffers and executables must be freed before.
func (c *Client) Close() error { return call(c.api, clientDestroy, &handleArgs{handle: c.handle}) }

func (a *API) text(function int, handle uintptr) (string, error) {
	in := &textArgs{handle: handle}
	err := call(a, function, in)
	return text(in.text, in.length), err
}

func (c *Client) listDevices() error {
	in := &devicesArgs{client: c.handle}
	if err := call(c.api, clientAddressableDevices, in); err != nil {
		return err
	}
	for _, handle := range unsafe.Slice(in.devices, in.count) {
		about := &resultArgs{handle: handle}
		if err := call(c.api, deviceGetDescription, about); err != nil {
			return err
		}
		id := &resultArgs{handle: about.result}
		if err := call(c.api, descriptionID, id); err != nil {
			return err
		}
		kind, err := c.api.text(descriptionKind, about.result)
		if err != nil {
			return err
		}
		c.Devices = append(c.Devices, &Device{client: c, handle: handle, ID: int(int32(id.result)), Kind: kind})
	}
	return nil
}

// Memory is the size of the device's memory that programs can use, in bytes, 0 when the plugin does not tell.
func (d *Device) Memory() int64 {
	in := &memoryStatsArgs{device: d.handle}
	if call(d.client.api, deviceMemoryStats, in) != nil || !in.limitSet {
		return 0
	}
	return in.limit
}
