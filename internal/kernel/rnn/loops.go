package rnn

import "dnn/internal/kernel/cpu"

// loops end a step of a row, or begin it on the way back.
type loops struct {
	rnnTanh, rnnRelu         func(y, h, x, z []float32)
	rnnTanhGrad, rnnReluGrad func(dx, d, met, dy, dh, y, before []float32)
	lstm                     func(gates, cells, y, h, c, x, z []float32)
	lstmGrad                 func(dx, d, met, dc, dy, dh, gates, cells, before, hidden []float32)
	gru                      func(gates, q, y, h, x, z, b []float32)
	gruGrad                  func(dx, d, met, dh, dy, gates, q, before []float32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	rnnTanh: rnnTanhGeneric, rnnRelu: rnnReluGeneric, rnnTanhGrad: rnnTanhGradGeneric, rnnReluGrad: rnnReluGradGeneric,
	lstm: lstmGeneric, lstmGrad: lstmGradGeneric, gru: gruGeneric, gruGrad: gruGradGeneric,
})
