package xla

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"dnn/pkg/graph/exec"
	"dnn/pkg/xla/pjrt"
)

func init() { exec.RegisterFinder(&finder{clients: map[string]*pjrt.Client{}}) }

// finder opens devices by their names: the platform, xla:cpu, cuda, rocm or tpu, and a number. A plugin's client is opened once.
type finder struct {
	mu      sync.Mutex
	clients map[string]*pjrt.Client // by the plugin's file
}

// Open opens a device.
func (f *finder) Open(device, plugin string) (exec.Engine, error) {
	platform, number, err := split(device)
	if err != nil {
		return nil, err
	}
	file, err := pluginOf(platform, plugin)
	if err != nil {
		return nil, &exec.NoDevice{Device: device, Why: err.Error()}
	}
	c, err := f.client(file)
	if err != nil {
		return nil, &exec.NoDevice{Device: device, Why: err.Error()}
	}
	if name := platformOf(c); name != platform {
		return nil, &exec.NoDevice{Device: device, Why: fmt.Sprintf("the plugin %s knows devices of %s", file, name)}
	}
	if number >= len(c.Devices) {
		return nil, &exec.NoDevice{Device: device, Why: fmt.Sprintf("the plugin %s knows %d devices", file, len(c.Devices))}
	}
	e := &engine{name: device, device: c.Devices[number]}
	if platform == "cuda" || platform == "rocm" {
		e.flags = []string{deterministic}
	}
	return e, nil
}

// split takes the name of a device apart: xla:cpu and cuda are the first of their platforms.
func split(device string) (platform string, number int, err error) {
	platform = device
	if at := strings.LastIndexByte(device, ':'); at >= 0 {
		if n, err := strconv.ParseUint(device[at+1:], 10, 16); err == nil {
			platform, number = device[:at], int(n)
		}
	}
	if _, known := places[platform]; !known {
		return "", 0, &exec.NoDevice{Device: device, Why: "expected cpu, xla:cpu, cuda:0, rocm:0, tpu:0 or another number"}
	}
	return platform, number, nil
}

// client connects to the devices of a plugin, once.
func (f *finder) client(file string) (*pjrt.Client, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.clients[file]; c != nil {
		return c, nil
	}
	api, err := pjrt.Load(file)
	if err != nil {
		return nil, err
	}
	c, err := api.Open(nil)
	if err != nil {
		return nil, fmt.Errorf("the plugin %s finds no devices: %w", file, err)
	}
	f.clients[file] = c
	return c, nil
}

// platformOf is what a client's platform is called here.
func platformOf(c *pjrt.Client) string {
	switch name := strings.ToLower(c.Platform); name {
	case "cpu", "host":
		return "xla:cpu"
	case "gpu":
		return "cuda"
	default:
		return name
	}
}

// Devices lists the devices of all plugins that are found, but for those of TPUs, which are only looked for when they are asked for.
func (f *finder) Devices(plugin string) (list []exec.Device, err error) {
	for _, file := range found(plugin) {
		c, failed := f.client(file)
		if failed != nil {
			err = failed
			continue
		}
		version := "PJRT " + c.API().Version()
		if newest, _ := c.API().StableHLO(); newest != "" {
			version += ", StableHLO " + newest
		}
		for i, d := range c.Devices {
			name := platformOf(c)
			if i > 0 || name != "xla:cpu" {
				name = fmt.Sprintf("%s:%d", name, i)
			}
			list = append(list, exec.Device{Name: name, Kind: d.Kind, From: file, Version: version, Memory: d.Memory()})
		}
	}
	return list, err
}
