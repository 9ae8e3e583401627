// Package mpi connects processes by an MPI library that is found and loaded at run time, without cgo: any with the standard ABI of
// MPI 5, MPICH and those that are compatible with it, and Open MPI. Programs that import it can cluster.Open.
package mpi
