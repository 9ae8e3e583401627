package main

import "math"

const (
	seluScale   = 1.0507009873554804934193349852946
	seluAlpha   = 1.6732632423543772848170429916717
	sqrt2OverPi = 0.79788456080286535588
	geluCube    = 0.044715 * sqrt2OverPi
	invSqrt2Pi  = 0.39894228040143267794
)

// emitActivations writes the activation functions and their gradients, which
// repeat the functions of packages scalar and vec.
func emitActivations(a *asm) {
	act := func(id, name string, f func(k *pass, x vec) vec) {
		a.loop(loop{
			field: "act[Act" + id + "]", name: name, sig: "func(dst, x []float32, alpha float32)", unroll: 2, keep: 14, ahead: true,
			doc:  []string{"dst[i] = " + name + "(x[i])"},
			body: func(k *pass) { k.out("dst", f(k, k.in("x"))) },
		})
	}
	act("Relu", "relu", func(k *pass, x vec) vec { return k.relu(x) })
	act("LeakyRelu", "leakyRelu", func(k *pass, x vec) vec {
		return k.choose(k.compare(isGreater, x, k.num(0)), x, k.mul(k.arg("alpha"), x))
	})
	act("Elu", "elu", func(k *pass, x vec) vec { return k.elu(x, k.arg("alpha")) })
	act("Selu", "selu", func(k *pass, x vec) vec { return k.mul(k.elu(x, k.num(seluAlpha)), k.num(seluScale)) })
	act("Sigmoid", "sigmoid", func(k *pass, x vec) vec { return k.sigmoid(x) })
	act("Tanh", "tanh", func(k *pass, x vec) vec { return k.tanh(x) })
	act("Gelu", "gelu", func(k *pass, x vec) vec {
		h := k.mul(x, k.num(0.5))
		return k.fma(h, k.erf(k.mul(x, k.num(math.Sqrt2/2))), h)
	})
	act("GeluTanh", "geluTanh", func(k *pass, x vec) vec {
		h := k.mul(x, k.num(0.5))
		return k.fma(h, k.tanh(k.geluInner(x)), h)
	})
	act("Silu", "silu", func(k *pass, x vec) vec { return k.mul(x, k.sigmoid(x)) })
	act("Softplus", "softplus", func(k *pass, x vec) vec {
		return k.add(k.log1p(k.expDown(k.negAbs(x))), k.relu(x))
	})
	act("HardSigmoid", "hardSigmoid", func(k *pass, x vec) vec { return k.hardSigmoid(x) })
	act("HardSwish", "hardSwish", func(k *pass, x vec) vec { return k.mul(x, k.hardSigmoid(x)) })
	act("HardTanh", "hardTanh", func(k *pass, x vec) vec { return k.clip(x, k.num(-1), k.num(1)) })
}

func (a *asm) elu(x vec, alpha op) vec {
	return a.choose(a.compare(isGreater, x, a.num(0)), x, a.mul(a.expm1(x), alpha))
}

func (a *asm) geluInner(x vec) vec {
	return a.mul(x, a.poly(a.mul(x, x), geluCube, sqrt2OverPi))
}

func (a *asm) hardSigmoid(x vec) vec {
	return a.clip(a.fma(x, a.num(1.0/6), a.num(0.5)), a.num(0), a.num(1))
}

// emitGradients writes the gradients; v is the input or the output of the
// activation as Act.GradNeeds says.
func emitGradients(a *asm) {
	grad := func(id, name string, f func(k *pass, d, v vec) vec) {
		a.loop(loop{
			field: "actGrad[Act" + id + "]", name: name + "Grad", over: "dy", unroll: a.strandsOfMath(), keep: 14,
			sig:  "func(dst, dy, v []float32, alpha float32)",
			doc:  []string{"dst[i] = " + name + "Grad(dy[i], v[i])"},
			body: func(k *pass) { k.out("dst", f(k, k.in("dy"), k.in("v"))) },
		})
	}
	positive := func(v vec) mask { return a.compare(isGreater, v, a.num(0)) }
	within := func(v vec, lo, hi float64) mask {
		return a.both(a.compare(isGreater, v, a.num(lo)), a.compare(isLess, v, a.num(hi)))
	}
	grad("Relu", "relu", func(k *pass, d, y vec) vec { return k.only(positive(y), d) })
	grad("LeakyRelu", "leakyRelu", func(k *pass, d, y vec) vec {
		return k.choose(positive(y), d, k.mul(k.arg("alpha"), d))
	})
	grad("Elu", "elu", func(k *pass, d, y vec) vec {
		return k.choose(positive(y), d, k.mul(d, k.add(y, k.arg("alpha"))))
	})
	grad("Selu", "selu", func(k *pass, d, y vec) vec {
		return k.mul(d, k.choose(positive(y), k.num(seluScale), k.add(y, k.num(seluScale*seluAlpha))))
	})
	grad("Sigmoid", "sigmoid", func(k *pass, d, y vec) vec { return k.mul(k.mul(d, k.sub(k.num(1), y)), y) })
	grad("Tanh", "tanh", func(k *pass, d, y vec) vec { return k.mul(d, k.fnma(y, y, k.num(1))) })
	grad("Gelu", "gelu", func(k *pass, d, x vec) vec {
		cdf := k.fma(k.erf(k.mul(x, k.num(math.Sqrt2/2))), k.num(0.5), k.num(0.5))
		x = k.clip(x, k.num(-16), k.num(16))
		pdf := k.mul(k.expDown(k.mul(k.mul(x, x), k.num(-0.5))), k.num(invSqrt2Pi))
		return k.mul(d, k.fma(x, pdf, cdf))
	})
	grad("GeluTanh", "geluTanh", func(k *pass, d, x vec) vec {
		x = k.clip(x, k.num(-16), k.num(16))
		t := k.tanh(k.geluInner(x))
		du := k.poly(k.mul(x, x), 3*geluCube, sqrt2OverPi)
		dt := k.mul(k.fnma(t, t, k.num(1)), du)
		return k.mul(d, k.fma(k.mul(x, k.num(0.5)), dt, k.fma(t, k.num(0.5), k.num(0.5))))
	})
	grad("Silu", "silu", func(k *pass, d, x vec) vec {
		s := k.sigmoid(x)
		x = k.clip(x, k.num(-128), k.num(128))
		return k.mul(d, k.mul(s, k.fma(x, k.sub(k.num(1), s), k.num(1))))
	})
	grad("Softplus", "softplus", func(k *pass, d, x vec) vec { return k.mul(d, k.sigmoid(x)) })
	grad("HardSigmoid", "hardSigmoid", func(k *pass, d, y vec) vec {
		return k.only(within(y, 0, 1), k.mul(d, k.num(1.0/6)))
	})
	grad("HardSwish", "hardSwish", func(k *pass, d, x vec) vec {
		mid := k.only(k.compare(isGreater, x, k.num(-3)), k.mul(d, k.fma(x, k.num(1.0/3), k.num(0.5))))
		return k.choose(k.compare(isGreaterEqual, x, k.num(3)), d, mid)
	})
	grad("HardTanh", "hardTanh", func(k *pass, d, y vec) vec { return k.only(within(y, -1, 1), d) })
}
