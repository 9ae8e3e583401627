// Package stablehlo writes graphs as modules of StableHLO, the text that compilers for accelerators read: one lowering for each
// op, in a file with the op's name. Ops without a lowering are replaced by the simpler ones that they stand for.
//
// The lowerings use float32 as the kernels do, and ask for products in full precision. Random numbers come from the same counters
// as in package kernel/rand, computed with integers, so what is dropped is the same everywhere. The order of sums is the compiler's.
package stablehlo
