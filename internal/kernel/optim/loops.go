package optim

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// optim.go, adaptive.go, adam.go
	sgd                      func(p, g []float32, lr, wd, gs float32)
	sgdMomentum, sgdNesterov func(p, g, m []float32, lr, keep, mu, k, wd, gs float32)
	lion                     func(p, g, m []float32, lr, decay, b1, c1, b2, c2, gs float32)
	adagrad                  func(p, g, h []float32, lr, eps, wd, gs float32)
	adadelta                 func(p, g, v, u []float32, lr, rho, c, eps, wd, gs float32)
	rmsprop                  func(p, g, v []float32, lr, alpha, c, eps, wd, gs float32)
	rmspropMomentum          func(p, g, v, m []float32, lr, alpha, c, eps, wd, mu, gs float32)
	rmspropCentered          func(p, g, v, ga []float32, lr, alpha, c, eps, wd, gs float32)
	rmspropFull              func(p, g, v, m, ga []float32, lr, alpha, c, eps, wd, mu, gs float32)
	adam                     func(p, g, m, v []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)
	amsgrad                  func(p, g, m, v, vmax []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)
	nadam                    func(p, g, m, v []float32, gradStep, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	sgd:             sgdGeneric,
	sgdMomentum:     sgdMomentumGeneric,
	sgdNesterov:     sgdNesterovGeneric,
	lion:            lionGeneric,
	adagrad:         adagradGeneric,
	adadelta:        adadeltaGeneric,
	rmsprop:         rmspropGeneric,
	rmspropMomentum: rmspropMomentumGeneric,
	rmspropCentered: rmspropCenteredGeneric,
	rmspropFull:     rmspropFullGeneric,
	adam:            adamGeneric,
	amsgrad:         amsgradGeneric,
	nadam:           nadamGeneric,
})
