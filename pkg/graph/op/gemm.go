package op

import (
	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// gemmKernel multiplies a batch of matrices, input 0 by input 1, and ends each product with an epilogue.
func gemmKernel(g gemm.Gemm, batch int, epilogue func(c *graph.Call) gemm.Epilogue) graph.Kernel {
	scratch, packs, units := g.Scratch(), g.PackUnits(), g.Units()
	sizeX, sizeY, sizeZ := g.M*g.K, g.K*g.N, g.M*g.N
	k := graph.Kernel{Scratch: batch * scratch}
	if packs > 0 {
		k.Phases = append(k.Phases, graph.Phase{Units: batch * packs, Run: func(c *graph.Call, lo, hi int) {
			for i := lo / packs; i*packs < hi; i++ {
				g.Pack(c.Scratch[i*scratch:(i+1)*scratch], part(c.In[0].F, i, sizeX), part(c.In[1].F, i, sizeY),
					max(lo-i*packs, 0), min(hi-i*packs, packs))
			}
		}})
	}
	k.Phases = append(k.Phases, graph.Phase{Units: batch * units, Run: func(c *graph.Call, lo, hi int) {
		e := epilogue(c)
		for i := lo / units; i*units < hi; i++ {
			g.Run(part(c.Out[0].F, i, sizeZ), part(c.In[0].F, i, sizeX), part(c.In[1].F, i, sizeY),
				c.Scratch[i*scratch:(i+1)*scratch], e, max(lo-i*units, 0), min(hi-i*units, units))
		}
	}})
	return k
}

// part is the i-th piece of the given size.
func part(x []float32, i, size int) []float32 { return x[i*size : (i+1)*size] }

// evalGemm is the reference.
func evalGemm(g gemm.Gemm, batch int, z, x, y []float64) {
	rowX, colX, rowY, colY := g.K, 1, g.N, 1
	if g.TransA {
		rowX, colX = 1, g.M
	}
	if g.TransB {
		rowY, colY = 1, g.K
	}
	for b := range batch {
		x, y, z := x[b*g.M*g.K:], y[b*g.K*g.N:], z[b*g.M*g.N:]
		for i := range g.M {
			for j := range g.N {
				sum := 0.0
				for k := range g.K {
					sum += x[i*rowX+k*colX] * y[k*rowY+j*colY]
				}
				z[i*g.N+j] = sum
			}
		}
	}
}
