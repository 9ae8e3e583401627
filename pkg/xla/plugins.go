package xla

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Variable names, in the environment, the file of the plugin to take.
const Variable = "DNN_PJRT_PLUGIN"

// places are the files of plugins by platform, below a folder of Python packages; later versions come first.
var places = map[string][]string{
	"xla:cpu": {"lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so", "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so", "jax_plugins/xla_cpu/*.so"},
	"cuda":    {"jax_plugins/xla_cuda[0-9]*/xla_cuda_plugin.so"},
	"rocm":    {"jax_plugins/xla_rocm[0-9]*/xla_rocm_plugin.so"},
	"tpu":     {"libtpu/libtpu.so"},
}

// pluginOf is the file of the plugin for a platform: the one that is named by the user or the environment, or found in a folder of
// Python packages.
func pluginOf(platform, named string) (string, error) {
	if file := chosen(named); file != "" {
		return file, nil
	}
	if list := lookUp(platform); len(list) > 0 {
		return list[0], nil
	}
	return "", fmt.Errorf("no plugin was found; name its file with --plugin or %s, or install it with pip (%s)", Variable, packages[platform])
}

// packages are what pip installs plugins with.
var packages = map[string]string{
	"xla:cpu": "lammps-jax-pjrt-cpu", "cuda": "jax[cuda13]", "rocm": "jax-rocm7-plugin", "tpu": "libtpu",
}

// chosen is the file that the user or the environment names.
func chosen(named string) string {
	if named != "" {
		return named
	}
	return os.Getenv(Variable)
}

// found are the files of all plugins: the one that is chosen, else those in known places, without that for TPUs, which asks the network
// for its devices.
func found(named string) (list []string) {
	if file := chosen(named); file != "" {
		return []string{file}
	}
	for _, platform := range []string{"xla:cpu", "cuda", "rocm"} {
		if files := lookUp(platform); len(files) > 0 {
			list = append(list, files[0])
		}
	}
	return list
}

// lookUp finds the plugins of a platform in the folders of Python packages.
func lookUp(platform string) (list []string) {
	for _, folder := range sitePackages() {
		for _, pattern := range places[platform] {
			files, _ := filepath.Glob(filepath.Join(folder, pattern))
			slices.Sort(files)
			slices.Reverse(files)
			list = append(list, files...)
		}
	}
	return list
}

// sitePackages are the folders that Python finds packages in: those of the environment that is active, of the user, of the system, and
// of the Python on the path, wherever that lies.
func sitePackages() (folders []string) {
	add := func(patterns ...string) {
		for _, p := range patterns {
			list, _ := filepath.Glob(p)
			for _, folder := range list {
				if !slices.Contains(folders, folder) {
					folders = append(folders, folder)
				}
			}
		}
	}
	for _, v := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if root := os.Getenv(v); root != "" {
			add(filepath.Join(root, "lib/python3*/site-packages"))
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		add(filepath.Join(home, ".local/lib/python3*/site-packages"))
	}
	if python, err := exec.LookPath("python3"); err == nil {
		if real, err := filepath.EvalSymlinks(python); err == nil {
			python = real
		}
		root := filepath.Dir(filepath.Dir(python))
		add(filepath.Join(root, "lib/python3*/site-packages"), filepath.Join(root, "lib/python3*/dist-packages"))
	}
	add("/usr/local/lib/python3*/dist-packages", "/usr/local/lib/python3*/site-packages", "/usr/lib/python3/dist-packages")
	return folders
}
