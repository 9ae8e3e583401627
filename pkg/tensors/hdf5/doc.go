// Package hdf5 reads datasets of numbers from HDF5 files, as far as Keras and h5py write them: groups with symbol tables or with
// links in their headers, and datasets that lie in one piece, uncompressed. What else a file may hold is an error that names it.
//
// A file may come from anyone. Each read is paid for from a budget that the size of the file sets, so nothing in a file that leads
// back to itself is followed for long, and no more memory is taken than the file has bytes.
//
// Source: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
package hdf5
