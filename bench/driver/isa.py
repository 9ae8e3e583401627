"""Holds dnn and every peer to an instruction set, each by its own switch, and checks that it obeys: by what it says of
itself, and by its products, which cannot be faster than the multiply-add units (measure.row)."""

ENVIRONMENT = {
    "native": {},
    "avx2": {
        "DNN_CPU": "avx2",
        "OPENBLAS_CORETYPE": "Haswell",
        "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",  # as its own loops are called
        "ATEN_CPU_CAPABILITY": "avx2",
        "ONEDNN_MAX_CPU_ISA": "AVX2",
        "MKL_ENABLE_INSTRUCTIONS": "AVX2",
        # YNNPACK, which multiplies for XLA, looks at the processor itself; without it Eigen does, which obeys.
        "XLA_FLAGS": "--xla_cpu_max_isa=AVX2 --xla_cpu_experimental_ynn_fusion_type=",
        "GODEBUG": "cpu.avx512f=off,cpu.avx512cd=off,cpu.avx512bw=off,cpu.avx512dq=off,cpu.avx512vl=off",
    },
}


def beyond(about):
    """What a worker says of its instruction sets that is above AVX2, as text, or None."""
    told = about.get("isa", "")
    return told if "512" in told or "amx" in told.lower() else None
