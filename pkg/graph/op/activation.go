package op

import "dnn/internal/kernel"

// Act names an activation function, alone or at the end of a product. The functions, and their slopes where those jump, are
// told where the kernels are.
type Act = kernel.Act

// The activation functions.
const (
	ActNone        = kernel.ActNone        // x
	ActRelu        = kernel.ActRelu        // max(0, x); f'(0) = 0
	ActLeakyRelu   = kernel.ActLeakyRelu   // x, alpha·x below 0, alpha ≥ 0; f'(0) = alpha
	ActElu         = kernel.ActElu         // x, alpha·(eˣ-1) below 0, alpha ≥ 0; f'(0) = alpha
	ActSelu        = kernel.ActSelu        // seluScale·elu with alpha = seluAlpha (Klambauer et al. 2017)
	ActSigmoid     = kernel.ActSigmoid     // 1/(1+e⁻ˣ)
	ActTanh        = kernel.ActTanh        // tanh x
	ActGelu        = kernel.ActGelu        // x·(1+erf(x/√2))/2 (Hendrycks & Gimpel 2016)
	ActGeluTanh    = kernel.ActGeluTanh    // x·(1+tanh(√(2/π)·(x+0.044715·x³)))/2
	ActSilu        = kernel.ActSilu        // x·sigmoid(x)
	ActSoftplus    = kernel.ActSoftplus    // ln(1+eˣ)
	ActHardSigmoid = kernel.ActHardSigmoid // max(0, min(1, x/6+½)); f'(±3) = 0
	ActHardSwish   = kernel.ActHardSwish   // x·hardsigmoid(x); f'(-3) = 0, f'(3) = 1
	ActHardTanh    = kernel.ActHardTanh    // x limited to [-1,1]; f'(±1) = 0
)
