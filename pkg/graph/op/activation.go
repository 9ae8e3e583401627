package op

import "dnn/internal/kernel/vec"

// Act names an activation function, alone or at the end of a product. The functions, and their slopes where those jump, are
// told where the kernels are.
type Act = vec.Act

// The activation functions.
const (
	ActNone        = vec.ActNone        // x
	ActRelu        = vec.ActRelu        // max(0, x); f'(0) = 0
	ActLeakyRelu   = vec.ActLeakyRelu   // x, alpha·x below 0, alpha ≥ 0; f'(0) = alpha
	ActElu         = vec.ActElu         // x, alpha·(eˣ-1) below 0, alpha ≥ 0; f'(0) = alpha
	ActSelu        = vec.ActSelu        // seluScale·elu with alpha = seluAlpha (Klambauer et al. 2017)
	ActSigmoid     = vec.ActSigmoid     // 1/(1+e⁻ˣ)
	ActTanh        = vec.ActTanh        // tanh x
	ActGelu        = vec.ActGelu        // x·(1+erf(x/√2))/2 (Hendrycks & Gimpel 2016)
	ActGeluTanh    = vec.ActGeluTanh    // x·(1+tanh(√(2/π)·(x+0.044715·x³)))/2
	ActSilu        = vec.ActSilu        // x·sigmoid(x)
	ActSoftplus    = vec.ActSoftplus    // ln(1+eˣ)
	ActHardSigmoid = vec.ActHardSigmoid // max(0, min(1, x/6+½)); f'(±3) = 0
	ActHardSwish   = vec.ActHardSwish   // x·hardsigmoid(x); f'(-3) = 0, f'(3) = 1
	ActHardTanh    = vec.ActHardTanh    // x limited to [-1,1]; f'(±1) = 0
)
